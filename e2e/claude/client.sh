# Sourced by the scenarios after lab.sh: how Claude Code is called. LAB, FAKE, H and W are the lab's.
# shellcheck shell=bash disable=SC2034,SC2154 # the lab and the scenarios share their variables
BIN=$LAB/pkg/claude/node_modules/@anthropic-ai/claude-code-linux-x64/claude
# IS_SANDBOX lets root skip the questions about permissions.
ENVS=(ANTHROPIC_BASE_URL="$FAKE" ANTHROPIC_API_KEY=test-key CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC=1
    DISABLE_AUTOUPDATER=1 DISABLE_TELEMETRY=1 IS_SANDBOX=1)
HEADLESS=(--output-format json --dangerously-skip-permissions)

# Prints the id of the session that the last headless call was about.
last_session() {
    grep -o '"session_id":"[^"]*"' "$LAST.out" | tail -n 1 | cut -d '"' -f 4
}

# Answers the questions of a first start beforehand, so that the chat opens at once.
settle_in() {
    cat > "$H/.claude.json" <<JSON
{ "hasCompletedOnboarding": true, "theme": "dark", "bypassPermissionsModeAccepted": true, "autoUpdates": false,
  "customApiKeyResponses": { "approved": ["test-key"], "rejected": [] },
  "projects": { "$W": { "hasTrustDialogAccepted": true, "hasCompletedProjectOnboarding": true, "allowedTools": [] } } }
JSON
}
