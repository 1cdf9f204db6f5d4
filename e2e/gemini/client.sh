# Sourced by the scenarios after lab.sh: how Gemini CLI is called. LAB, FAKE, H and W are the lab's.
# shellcheck shell=bash disable=SC2034,SC2154 # the lab and the scenarios share their variables
BIN=(node "$LAB/pkg/gemini/node_modules/@google/gemini-cli/bundle/gemini.js" -m gemini-2.5-pro --yolo)
READY='Type your message'
QUIT=/quit
RESUME=(--resume latest)
mkdir -p "$H/.gemini"
cat > "$H/.gemini/settings.json" <<'JSON'
{ "security": { "auth": { "selectedType": "gemini-api-key" }, "folderTrust": { "enabled": false } },
  "general": { "enableAutoUpdate": false, "enableAutoUpdateNotification": false },
  "privacy": { "usageStatisticsEnabled": false }, "telemetry": { "enabled": false } }
JSON
ENVS=(GEMINI_API_KEY=test-key GOOGLE_GEMINI_BASE_URL="$FAKE" GEMINI_CLI_TRUST_WORKSPACE=true COLORTERM=truecolor)
SESSIONS=$H/.gemini/tmp

# In a later minute than the session's first, a resume behaves otherwise, and the next start deletes the session.
wait_for_a_later_minute() {
    [ "${CLIENT_ARGS:-}" != minute ] || sleep $((62 - $(date +%-S)))
}
