# Sourced by the scenarios after lab.sh: how Codex is called. LAB, FAKE, H and W are the lab's.
# shellcheck shell=bash disable=SC2034,SC2154 # the lab and the scenarios share their variables
BIN=$LAB/pkg/codex/node_modules/@openai/codex-linux-x64/vendor/x86_64-unknown-linux-musl/bin/codex
mkdir -p "$H/.codex"
cat > "$H/.codex/config.toml" <<TOML
model = "fake-model"
model_provider = "fake"
approval_policy = "never"
sandbox_mode = "danger-full-access"
check_for_update_on_startup = false
[model_providers.fake]
name = "fake"
base_url = "$FAKE/v1"
env_key = "FAKE_KEY"
wire_api = "responses"
request_max_retries = 0
stream_max_retries = 0
[analytics]
enabled = false
[projects."$W"]
trust_level = "trusted"
TOML
ENVS=(CODEX_HOME="$H/.codex" FAKE_KEY=test-key RUST_LOG=error)
HEADLESS=(exec --skip-git-repo-check --json)

# Prints the id of the thread that the last headless call was about.
last_session() {
    grep -o '"thread_id":"[^"]*"' "$LAST.out" | tail -n 1 | cut -d '"' -f 4
}
