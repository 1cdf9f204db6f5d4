package dev.kept.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The names of files that come and go. */
class TransientFileTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "a.jsonl.tmp",
                "a.json.tmp.4711.1780000000000",
                "a.jsonl.tmp-3f9a",
                ".tmp-a.jsonl",
                "tmpk3x9_q2a",
                ".goutputstream-K3XQ2A",
                ".a.jsonl.K3x9Qa",
                "a.jsonl.part",
                "session.lock",
                "a.jsonl.lock.4711",
                ".lock",
                "LOCK",
                ".~lock.a.jsonl#",
                "agent.pid",
                "state.sqlite-wal",
                "state.db-shm",
                "state.db-journal",
                ".#a.jsonl",
                "#a.jsonl#",
                "a.jsonl~",
                ".a.jsonl.swp",
                ".a.jsonl.swx",
                "4913",
                ".nfs000000000012ab",
                ".fuse_hidden0000001",
                ".DS_Store",
                "._a.jsonl",
            })
    void whatComesAndGoesIsKnownByItsName(String name) {
        assertThat(TransientFile.matches(Path.of("/home/ada/.claude/projects/-work", name)))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a.jsonl",
                "a.json",
                "store.db",
                ".hidden.sqlite",
                ".notes.jsonl2",
                "events.cbor",
                "template.bin",
                "temperature",
                "temp_sessions.db",
                "locksmith",
                "wal",
                "journal.bin",
                "session.locked",
                "part-0001.bin",
                "9e1f0000-0000-4000-8000-000000000001",
            })
    void whatMayHoldAConversationIsNot(String name) {
        assertThat(TransientFile.matches(Path.of("/home/ada/.claude/projects/-work", name)))
                .isFalse();
    }
}
