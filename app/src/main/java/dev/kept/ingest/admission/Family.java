package dev.kept.ingest.admission;

import dev.kept.ingest.source.FollowedRoot;
import dev.kept.ingest.source.LinkedPaths;
import dev.kept.model.EventHeader;
import dev.kept.provider.Provider;
import dev.kept.provider.SourceKind;
import dev.kept.provider.support.RecentMap;
import dev.kept.tape.packed.UnpackLimits;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The search for the session that a source belongs to, before anything of it is kept: from a subagent's file, or an
 * output beside it, to the file of its session, according to the records, or to the paths if the records name none.
 * Owned by the ingest thread.
 */
public final class Family {
    /** The longest chain of subagents that start subagents. */
    private static final int MOST_GENERATIONS = 16;

    private static final int FOUND = 64;

    private final LinkedPaths links;
    private final UnpackLimits unpack;
    private final RecentMap<Path> found = new RecentMap<>(FOUND);

    public Family(LinkedPaths links, UnpackLimits unpack) {
        this.links = links;
        this.unpack = unpack;
    }

    /**
     * The origin of a source, as far as it is known.
     *
     * @param ids the sessions that it and the files above it name
     * @param files the files above it, the nearest first
     * @param folder working directory of the session's agent; empty if unknown
     * @param whole whether the file of the session itself was found, or is this one
     * @param hasRecords whether the source has any record yet
     * @param waits whether the folder may still become known: the file that should name it is short
     */
    public record Origin(
            Set<String> ids,
            List<Path> files,
            Optional<String> folder,
            boolean whole,
            boolean hasRecords,
            boolean waits) {}

    /** A file at the agent's path and its place. */
    private record Member(Path path, Path place, SourceKind.Session kind) {}

    /**
     * Finds the origin of a source.
     *
     * @param wantsFolder whether the folder is needed
     * @param wantsSessions whether the sessions are needed
     */
    public Origin of(
            Path source,
            Path place,
            SourceKind.Session kind,
            FollowedRoot root,
            boolean wantsFolder,
            boolean wantsSessions)
            throws IOException {
        Set<String> ids = new LinkedHashSet<>();
        List<Path> files = new ArrayList<>();
        Set<Path> passed = new HashSet<>(Set.of(source));
        Member at = new Member(source, place, kind);
        Beginning said = read(at, root, wantsFolder, wantsSessions);
        boolean hasRecords = said.hasRecord();
        Optional<String> folder = said.folder();
        while (said.isPart() && files.size() < MOST_GENERATIONS) {
            note(at, said, ids);
            Optional<Member> above = above(at, said, root).filter(next -> passed.add(next.path()));
            if (above.isEmpty()) {
                return new Origin(ids, files, folder, false, hasRecords, !said.isLong());
            }
            at = above.get();
            files.add(at.path());
            said = read(at, root, wantsFolder, wantsSessions);
            folder = said.isPart() && said.folder().isEmpty() ? folder : said.folder();
        }
        note(at, said, ids);
        if (wantsSessions && !said.isPart()) {
            switch (Handover.of(root.provider(), at.kind(), root.root(), at.path(), at.place(), Optional.empty())) {
                case Handover.Unknown _ -> hasRecords &= !at.path().equals(source);
                case Handover.Own _ -> {}
                case Handover.Of(var session) -> ids.add(session);
            }
        }
        return new Origin(ids, files, folder, !said.isPart(), hasRecords, !said.isLong());
    }

    /** Reads the first records, which also show whether a source is a part of another. */
    private Beginning read(Member of, FollowedRoot root, boolean wantsFolder, boolean wantsSessions)
            throws IOException {
        return Beginning.of(of.place(), of.kind(), root.provider(), unpack, wantsFolder, wantsSessions);
    }

    private static void note(Member of, Beginning said, Set<String> ids) {
        said.ownSessionId().ifPresent(ids::add);
        said.session().or(() -> of.kind().sessionId()).ifPresent(ids::add);
    }

    /** Returns the file of the session that a part names, or that its path names, or that file's own session names. */
    private Optional<Member> above(Member part, Beginning said, FollowedRoot root) throws IOException {
        Set<String> named = new LinkedHashSet<>();
        said.session().ifPresent(named::add);
        if (said.ownSessionId().isEmpty()) {
            part.kind().sessionId().ifPresent(named::add);
        }
        for (String id : named) {
            Optional<Path> file = find(part.path(), id, said.ownSessionId().isPresent(), root);
            if (file.isPresent()
                    && root.provider().recognize(root.root().relativize(file.get()))
                            instanceof SourceKind.Session kind) {
                try {
                    return Optional.of(new Member(file.get(), links.place(root, file.get()), kind));
                } catch (IOException gone) {
                    // Treated as not found.
                }
            }
        }
        return Optional.empty();
    }

    /**
     * Finds the file that is named after a session: in the folders above the part; if a part may be anywhere, in all
     * others, too.
     */
    private Optional<Path> find(Path part, String session, boolean anywhere, FollowedRoot root) {
        String key = root.root() + "\n" + session;
        @Nullable Path known = found.get(key);
        if (known != null && Files.exists(known)) {
            return Optional.of(known);
        }
        Optional<Path> file = Optional.empty();
        for (@Nullable Path folder = part.getParent();
                file.isEmpty() && folder != null && !folder.equals(root.root());
                folder = folder.getParent()) {
            file = in(folder, session, root, new ArrayDeque<>());
        }
        if (file.isEmpty() && anywhere) {
            Deque<Path> folders = new ArrayDeque<>();
            root.provider()
                    .sessionFolders()
                    .forEach(each -> folders.add(root.root().resolve(each)));
            while (file.isEmpty() && !folders.isEmpty()) {
                file = in(folders.remove(), session, root, folders);
            }
        }
        file.ifPresent(path -> found.renew(key, path));
        return file;
    }

    private static Optional<Path> in(Path folder, String session, FollowedRoot root, Deque<Path> below) {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                if (isNamedAfter(root.provider(), root.root().relativize(entry), session)) {
                    return Optional.of(entry);
                }
                if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                    below.add(entry);
                }
            }
        } catch (IOException | DirectoryIteratorException gone) {
            // It is not in there.
        }
        return Optional.empty();
    }

    private static boolean isNamedAfter(Provider provider, Path relative, String session) {
        return provider.recognize(relative) instanceof SourceKind.Session kind
                && kind.layout() != SourceKind.Layout.OPAQUE
                && kind.line().equals(EventHeader.MAIN_LINE)
                && kind.sessionId().equals(Optional.of(session));
    }
}
