# Sourced by the scenarios after lab.sh: how Copilot CLI is called. LAB, FAKE, H and W are the lab's.
# shellcheck shell=bash disable=SC2034,SC2154 # the lab and the scenarios share their variables
BIN=("$LAB/pkg/copilot/node_modules/@github/copilot-linux-x64/copilot" --allow-all-tools --no-color)
READY='❯'
QUIT=/exit
RESUME=(--continue)
ENVS=(COPILOT_PROVIDER_BASE_URL="$FAKE/v1" COPILOT_PROVIDER_TYPE=openai COPILOT_PROVIDER_API_KEY=test-key
    COPILOT_MODEL=fake-model COPILOT_OFFLINE=true COPILOT_AUTO_UPDATE=false)
SESSIONS=$H/.copilot/session-state

wait_for_a_later_minute() {
    :
}
