package dev.kept.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.control.ExitCode;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A daemon that lost one of its threads, or cannot end, does not live on as if nothing had happened. */
@Timeout(60)
class WatchdogTest {
    private static final Duration SOON = Duration.ofMillis(20);
    private static final Duration NEVER = Duration.ofDays(1);

    private final BlockingQueue<Integer> halts = new LinkedBlockingQueue<>();
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    private Watchdog watchdog(OutputStream errors, Duration lastWords, Duration look) {
        return new Watchdog(halts::add, new PrintStream(errors, true, StandardCharsets.UTF_8), lastWords, look).arm();
    }

    private static void endByAFault(Thread.Builder builder, Watchdog watchdog) throws InterruptedException {
        Thread thread = builder.unstarted(() -> {
            throw new NoClassDefFoundError("made for a test");
        });
        thread.setUncaughtExceptionHandler(watchdog);
        thread.start();
        thread.join();
    }

    @Test
    void theEndOfAnyThreadByAFaultEndsTheProcess() throws Exception {
        Watchdog watchdog = watchdog(printed, NEVER, NEVER);
        endByAFault(Thread.ofPlatform().name("kept-ingest"), watchdog);
        assertThat(halts.take()).isEqualTo(ExitCode.FAULT);
        endByAFault(Thread.ofPlatform(), watchdog);
        assertThat(halts.take()).isEqualTo(ExitCode.FAULT);
        endByAFault(Thread.ofVirtual().name("control"), watchdog);
        assertThat(halts.take()).isEqualTo(ExitCode.FAULT);
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains("ended the thread kept-ingest", "NoClassDefFoundError", "ended the thread control");
    }

    @Test
    void whereNothingCanBeSaidAnyMoreItEndsAllTheSame() throws Exception {
        OutputStream fails = new OutputStream() {
            @Override
            public void write(int b) {
                throw new NoClassDefFoundError("nothing can be loaded");
            }
        };
        endByAFault(Thread.ofPlatform(), watchdog(fails, NEVER, NEVER));
        assertThat(halts.take()).isEqualTo(ExitCode.FAULT);
    }

    @Test
    void whereSayingItHangsItEndsAllTheSame() throws Exception {
        CountDownLatch hangs = new CountDownLatch(1);
        OutputStream hung = new OutputStream() {
            @Override
            public void write(int b) {
                try {
                    hangs.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        };
        Watchdog watchdog = watchdog(hung, SOON, NEVER);
        Thread thread = Thread.ofPlatform().daemon().unstarted(() -> {
            throw new StackOverflowError("made for a test");
        });
        thread.setUncaughtExceptionHandler(watchdog);
        thread.start();
        assertThat(halts.take()).isEqualTo(ExitCode.FAULT);
        assertThat(thread.isAlive()).isTrue();
        hangs.countDown();
    }

    @Test
    void aCoreThreadThatHasEndedWithoutAWordEndsTheProcess() throws Exception {
        Thread ended = Thread.ofPlatform().name("kept-pipeline").start(() -> {});
        ended.join();
        watchdog(printed, NEVER, SOON).mustNotEnd(Thread.currentThread(), ended);
        assertThat(halts.take()).isEqualTo(ExitCode.FAULT);
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("kept-pipeline has ended");
    }

    @Test
    void anEndInOrderThatTakesTooLongIsAnEndAllTheSameAndItsThreadsMayEnd() throws Exception {
        Thread ended = Thread.ofPlatform().start(() -> {});
        ended.join();
        Watchdog watchdog = watchdog(printed, NEVER, NEVER);
        watchdog.mustNotEnd(ended);
        watchdog.mustEnd(ExitCode.RELAUNCH, SOON);
        watchdog.mustEnd(ExitCode.DONE, NEVER);
        assertThat(halts.take()).isEqualTo(ExitCode.RELAUNCH);
    }

    @Test
    void whileAllIsWellNothingEnds() throws Exception {
        watchdog(printed, SOON, SOON).mustNotEnd(Thread.currentThread());
        assertThat(halts.poll(200, TimeUnit.MILLISECONDS)).isNull();
        assertThat(printed.size()).isZero();
    }
}
