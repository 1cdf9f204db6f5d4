# Sourced by run.sh.
# shellcheck shell=bash disable=SC1091,SC2154 # run.sh says where it is
. "$here/resume/scenarios.sh"
