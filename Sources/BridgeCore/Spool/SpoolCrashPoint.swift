/// A place in the spool at which a test may kill the process, with what is durable there and what a restart must therefore do.
public enum SpoolCrashPoint: String, Sendable, CaseIterable {
    /// Entries are written and not synced; nobody was told. The restart has all of them, or some, or a torn tail that it cuts.
    case afterSpoolWriteBeforeSync
    /// Entries are synced; nobody was told. The restart has them.
    case afterSpoolSyncBeforeConfirm
    /// A new segment has its first entries, neither it nor its folder is synced. The restart has them, or no such segment.
    case whileRotatingSpool
    /// The cursor is written, what lies before it is not deleted yet. The restart deletes it.
    case afterSpoolCursorBeforeDelete
    /// The first of several segments is deleted. The restart deletes the others.
    case whileDeletingSpool
}
