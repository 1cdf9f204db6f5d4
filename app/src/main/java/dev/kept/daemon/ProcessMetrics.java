package dev.kept.daemon;

import com.sun.management.HotSpotDiagnosticMXBean;
import dev.kept.config.KernelFiles;
import dev.kept.session.HeapLayout;
import dev.kept.status.StatusReport.ProcessMemory;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.file.Path;

/** Measurements of this process. */
public final class ProcessMetrics {
    private static final Path STATUS = Path.of("/proc/self/status");

    private ProcessMetrics() {}

    /** Returns the current memory use of this process. */
    public static ProcessMemory read() {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        long direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
        return new ProcessMemory(
                residentBytes(),
                memory.getHeapMemoryUsage().getUsed(),
                memory.getHeapMemoryUsage().getCommitted(),
                memory.getNonHeapMemoryUsage().getUsed(),
                direct);
    }

    /** Returns the heap layout of this runtime. References are compressed, because no heap here reaches 32 GB. */
    public static HeapLayout heapLayout() {
        HotSpotDiagnosticMXBean runtime = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        boolean compact = Boolean.parseBoolean(
                runtime.getVMOption("UseCompactObjectHeaders").getValue());
        return compact ? HeapLayout.COMPACT_HEADERS : HeapLayout.CLASSIC;
    }

    private static long residentBytes() {
        try {
            for (String line : KernelFiles.lines(STATUS)) {
                if (line.startsWith("VmRSS:")) {
                    return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
                }
            }
            return 0;
        } catch (IOException | NumberFormatException notThisSystem) {
            return 0;
        }
    }
}
