package dev.kept.recording.destination;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Files that agents read as instructions or as memory. An agent would obey text that a recording wrote there.
 *
 * <p>Names are compared as file systems may do it: in any case, in any normal form, and with invisible characters in
 * them.
 */
final class InstructingFiles {
    /**
     * Names to which one agent, or a convention of several, gives a meaning.
     *
     * @param who the agent or the convention
     * @param source its documentation
     * @param names file names in lower case; a {@code *} at the beginning means any; a {@code /} at the end means all
     *     files in a folder, of which the parents may be named, too
     */
    record Entry(String who, String source, List<String> names) {}

    /** All entries; {@code docs/recordings.md} has the same table. */
    static final List<Entry> ENTRIES = List.of(
            entry(
                    "AGENTS.md, read by most agents",
                    "https://agents.md",
                    "agents.md agent.md agents.local.md .agents/ .agent/"),
            entry(
                    "Claude Code",
                    "https://code.claude.com/docs/en/memory",
                    "claude.md claude.local.md memory.md .claude/rules/ .claude/commands/ .claude/agents/ .claude/skills/"
                            + " .claude/output-styles/ .claude/agent-memory/ .claude/agent-memory-local/"),
            entry(
                    "Codex",
                    "https://developers.openai.com/codex/guides/agents-md",
                    "agents.override.md codex.md .codex/prompts/ .codex/skills/"),
            entry("Gemini CLI", "https://geminicli.com/docs/cli/gemini-md", "gemini.md"),
            entry(
                    "Gemini Code Assist and Gemini CLI",
                    "https://developers.google.com/gemini-code-assist/docs/customize-gemini-behavior-github",
                    ".gemini/"),
            entry("Firebase Studio", "https://firebase.google.com/docs/studio/set-up-gemini", "airules.md .idx/"),
            entry(
                    "GitHub Copilot and VS Code",
                    "https://docs.github.com/en/copilot/how-tos/configure-custom-instructions",
                    "copilot-instructions.md *.instructions.md *.prompt.md *.chatmode.md *.agent.md .github/instructions/"
                            + " .github/prompts/ .github/agents/ .github/chatmodes/ .github/skills/"),
            entry("Agent Skills", "https://agentskills.io/specification", "skill.md"),
            entry(
                    "Amazon Q Developer",
                    "https://docs.aws.amazon.com/amazonq/latest/qdeveloper-ug/context-project-rules.html",
                    "amazonq.md .amazonq/"),
            entry("Kiro", "https://kiro.dev/docs/steering/", ".kiro/"),
            entry("aider", "https://aider.chat/docs/usage/conventions.html", "conventions.md"),
            entry(
                    "Cline",
                    "https://docs.cline.bot/customization/cline-rules",
                    ".clinerules .clinerules/ .cline/ cline/rules/ cline/workflows/"),
            entry(
                    "Memory banks after Cline's pattern",
                    "https://docs.cline.bot/best-practices/memory-bank",
                    "memory-bank/ memory_bank/ memorybank/ projectbrief.md productcontext.md activecontext.md"
                            + " systempatterns.md techcontext.md"),
            entry("Roo Code", "https://docs.roocode.com/features/custom-instructions", ".roorules .roo/"),
            entry("Kilo Code", "https://kilo.ai/docs/customize/custom-rules", ".kilocoderules .kilocode/ .kilo/"),
            entry("Cursor", "https://cursor.com/docs/context/rules", ".cursorrules .cursor/"),
            entry(
                    "Windsurf",
                    "https://docs.windsurf.com/windsurf/cascade/memories",
                    "global_rules.md .windsurfrules .windsurf/"),
            entry("Zed", "https://zed.dev/docs/ai/rules", ".rules"),
            entry(
                    "goose",
                    "https://block.github.io/goose/docs/guides/context-engineering/using-goosehints",
                    ".goosehints .goose/"),
            entry("OpenCode", "https://opencode.ai/docs/rules", "opencode.md .opencode/"),
            entry("Crush", "https://github.com/charmbracelet/crush", "crush.md crush.local.md"),
            entry("Qwen Code", "https://qwenlm.github.io/qwen-code-docs/en/users/features/memory/", "qwen.md .qwen/"),
            entry("iFlow CLI", "https://platform.iflow.cn/en/cli/configuration/iflow", "iflow.md .iflow/"),
            entry("Warp", "https://docs.warp.dev/agent-platform/capabilities/rules/", "warp.md"),
            entry("Replit Agent", "https://docs.replit.com/features/project-setup/replit-dot-md", "replit.md"),
            entry(
                    "CodeBuddy Code",
                    "https://www.codebuddy.ai/docs/cli/memory",
                    "codebuddy.md codebuddy.local.md .codebuddy/"),
            entry("Codebuff", "https://www.codebuff.com/docs/tips/knowledge-files", "knowledge.md *.knowledge.md"),
            entry("JetBrains Junie", "https://www.jetbrains.com/help/junie/customize-guidelines.html", ".junie/"),
            entry(
                    "JetBrains AI Assistant",
                    "https://www.jetbrains.com/help/ai-assistant/configure-project-rules.html",
                    ".aiassistant/"),
            entry(
                    "Augment Code",
                    "https://docs.augmentcode.com/setup-augment/guidelines",
                    ".augment-guidelines .augment-guidelines.md .augment/"),
            entry(
                    "GitLab Duo",
                    "https://docs.gitlab.com/user/duo_agent_platform/customize/custom_rules",
                    "chat-rules.md .gitlab/duo/"),
            entry("Continue", "https://docs.continue.dev/customize/deep-dives/rules", ".continue/"),
            entry("Trae", "https://docs.trae.ai/ide/rules", "user_rules.md project_rules.md .trae/ .trae-cn/"),
            entry("OpenHands", "https://docs.openhands.dev/overview/skills", ".openhands/"),
            entry("Factory", "https://docs.factory.ai/cli/configuration/custom-droids", ".factory/"),
            entry(
                    "OpenClaw",
                    "https://docs.openclaw.ai/concepts/agent-workspace",
                    "soul.md heartbeat.md bootstrap.md boot.md identity.md user.md tools.md"),
            entry("Serena", "https://oraios.github.io/serena", ".serena/"),
            entry("Ruler", "https://github.com/intellectronica/ruler", ".ruler/"),
            entry("Rulesync", "https://github.com/dyoshikawa/rulesync", ".rulesync/"),
            entry("Spec Kit", "https://github.com/github/spec-kit", "constitution.md .specify/"));

    /** Folders of plugins and extensions whose files are commands, agents and skills. */
    static final Set<String> PLUGIN_FOLDERS =
            Set.of("commands", "agents", "skills", "output-styles", "rules", "prompts", "droids", "instructions");

    /** Manifests that make a folder one of a plugin, an extension, or a marketplace of them. */
    static final List<String> MANIFESTS = List.of(
            ".claude-plugin",
            ".cursor-plugin",
            ".codex-plugin",
            ".factory-plugin",
            "gemini-extension.json",
            "qwen-extension.json",
            "plugin.json",
            "marketplace.json");

    /** The part of a path that makes agents take instructions from the file. */
    sealed interface Cause {
        /**
         * The name of the file.
         *
         * @param entry the entry that has it
         */
        record Name(Entry entry) implements Cause {}

        /**
         * A folder above the file.
         *
         * @param folder as the entry writes it
         * @param entry the entry that has it
         */
        record Folder(String folder, Entry entry) implements Cause {}

        /**
         * A folder of a plugin, above the file.
         *
         * @param folder its name
         */
        record PluginFolder(String folder) implements Cause {}

        /** Returns the reason, for a sentence about the file. */
        default String reason() {
            return switch (this) {
                case Name(Entry entry) -> "agents take orders from files of this name (" + entry.who() + ")";
                case Folder(String folder, Entry entry) ->
                    "agents take orders from files in a folder " + folder + " (" + entry.who() + ")";
                case PluginFolder(String folder) -> "agents take orders from files in " + folder + "/ of a plugin";
            };
        }

        /** Returns the remedy, one sentence. */
        default String remedy() {
            return switch (this) {
                case Name _ -> "Choose another name.";
                case Folder _, PluginFolder _ -> "Choose another folder.";
            };
        }
    }

    private InstructingFiles() {}

    private static Entry entry(String who, String source, String names) {
        return new Entry(who, source, List.of(names.split(" ")));
    }

    /**
     * Returns the part of a file's path that makes agents take instructions from it; empty if there is none.
     *
     * @param file canonical
     */
    static Optional<Cause> cause(Path file) {
        List<String> parts = new ArrayList<>();
        for (Path part : file) {
            parts.add(normalized(part.toString()));
        }
        String name = parts.getLast();
        String folders = "/" + String.join("/", parts.subList(0, parts.size() - 1)) + "/";
        for (Entry entry : ENTRIES) {
            for (String each : entry.names()) {
                if (each.endsWith("/") && holds(folders, each)) {
                    return Optional.of(new Cause.Folder(each, entry));
                }
                if (each.startsWith("*") ? endsWithRest(name, each) : name.equals(each)) {
                    return Optional.of(new Cause.Name(entry));
                }
            }
        }
        return ofPlugin(file, parts).map(Cause.PluginFolder::new);
    }

    /**
     * Reports whether a path, which begins with a slash, contains the given folders. Called at each append to each
     * note.
     */
    private static boolean holds(String path, String sought) {
        int at = path.indexOf(sought);
        while (at > 0 && path.charAt(at - 1) != '/') {
            at = path.indexOf(sought, at + 1);
        }
        return at > 0;
    }

    /** Reports whether a name ends with the part of a pattern after its first character. */
    private static boolean endsWithRest(String name, String pattern) {
        int rest = pattern.length() - 1;
        return name.regionMatches(name.length() - rest, pattern, 1, rest);
    }

    private static Optional<String> ofPlugin(Path file, List<String> parts) {
        for (int i = 0; i < parts.size() - 1; i++) {
            if (PLUGIN_FOLDERS.contains(parts.get(i)) && isOfPlugin(file, parts, i)) {
                return Optional.of(parts.get(i));
            }
        }
        return Optional.empty();
    }

    /** Reports whether a folder is part of a plugin: the plugin has a manifest, or belongs to a marketplace. */
    private static boolean isOfPlugin(Path file, List<String> parts, int folder) {
        Path above = Objects.requireNonNull(file.getRoot(), "a canonical path has a root");
        for (int i = 0; i <= folder; i++) {
            for (String manifest : MANIFESTS) {
                if (Files.exists(above.resolve(manifest), LinkOption.NOFOLLOW_LINKS)) {
                    return true;
                }
            }
            above = above.resolve(file.getName(i));
        }
        List<String> parents = parts.subList(0, folder);
        return parents.contains("plugins") || parents.contains("extensions");
    }

    /**
     * Returns the name as file systems may treat it: in lower case, in one normal form, without invisible characters.
     */
    static String normalized(String name) {
        if (isVisibleAscii(name)) {
            return name.toLowerCase(Locale.ROOT).strip();
        }
        StringBuilder seen = new StringBuilder(name.length());
        Normalizer.normalize(name, Normalizer.Form.NFKC)
                .codePoints()
                .filter(c -> !isUnseen(c))
                .forEach(seen::appendCodePoint);
        String upper = seen.toString().toUpperCase(Locale.ROOT);
        return Normalizer.normalize(upper.toLowerCase(Locale.ROOT), Normalizer.Form.NFKC)
                .replace("i\u0307", "i")
                .strip();
    }

    private static boolean isVisibleAscii(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c < ' ' || c > '~') {
                return false;
            }
        }
        return true;
    }

    private static boolean isUnseen(int c) {
        int type = Character.getType(c);
        return type == Character.FORMAT
                || type == Character.CONTROL
                || c == 0x034F
                || c == 0x115F
                || c == 0x1160
                || c == 0x17B4
                || c == 0x17B5
                || c == 0x2800
                || c == 0x3164
                || (c >= 0x180B && c <= 0x180F)
                || (c >= 0xFE00 && c <= 0xFE0F)
                || (c >= 0xE0000 && c <= 0xE0FFF);
    }
}
