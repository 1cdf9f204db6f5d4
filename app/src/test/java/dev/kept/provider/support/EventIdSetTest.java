package dev.kept.provider.support;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.kept.provider.StateReader;
import dev.kept.provider.StateWriter;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

class EventIdSetTest {
    private static String id(int number) {
        return "event-" + number * 31L + "-" + number;
    }

    @Test
    void whatWasAddedIsThereHoweverManyThereAre() throws Exception {
        EventIdSet set = new EventIdSet();
        for (int i = 0; i < 300_000; i++) {
            assertThat(set.contains(id(i))).isFalse();
            assertThat(set.add(id(i))).isTrue();
            assertThat(set.add(id(i))).isFalse();
        }
        ByteArrayOutputStream saved = new ByteArrayOutputStream();
        set.save(new StateWriter(saved));
        EventIdSet again = new EventIdSet();
        again.restore(new StateReader(saved.toByteArray()));
        for (int i = 0; i < 300_000; i++) {
            assertThat(set.contains(id(i))).isTrue();
            assertThat(again.contains(id(i))).isTrue();
        }
        assertThat(again.contains(id(300_000))).isFalse();
        assertThat(again.add(id(300_000))).isTrue();
        assertThat(again.heldBytes()).isBetween(8L * 300_000, 32L * 300_000);
    }

    @Test
    void aLargeSetNeedsLittleMoreWhileItGrows() {
        EventIdSet set = new EventIdSet();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long most = 0;
        for (int i = 0; i < 500_000; i++) {
            String id = id(i);
            long before = threads.getCurrentThreadAllocatedBytes();
            set.add(id);
            most = Math.max(most, threads.getCurrentThreadAllocatedBytes() - before);
        }
        // Once it is divided; 8 MB at once without that.
        assertThat(most).isLessThan(2_500_000);
    }

    @Test
    void howeverManyIdsThereAreTheLastAreKnownInBoundedMemory() throws Exception {
        EventIdSet set = new EventIdSet();
        int many = 2_500_000;
        long most = 0;
        for (int i = 0; i < many; i++) {
            set.add(id(i));
            if (i % 10_000 == 0) {
                most = Math.max(most, set.heldBytes());
            }
        }
        assertThat(most).isLessThan(4_300_000);
        assertThat(set.forgotten()).isEqualTo((many / EventIdSet.REMEMBERED - 1L) * EventIdSet.REMEMBERED);
        for (int i = many - EventIdSet.REMEMBERED; i < many; i++) {
            assertThat(set.contains(id(i))).isTrue();
            assertThat(set.add(id(i))).isFalse();
        }
        ByteArrayOutputStream saved = new ByteArrayOutputStream();
        set.save(new StateWriter(saved));
        EventIdSet again = new EventIdSet();
        again.restore(new StateReader(saved.toByteArray()));
        for (int i = many - EventIdSet.REMEMBERED; i < many; i++) {
            assertThat(again.contains(id(i))).isTrue();
        }
        assertThat(again.heldBytes()).isLessThan(4_300_000);
    }
}
