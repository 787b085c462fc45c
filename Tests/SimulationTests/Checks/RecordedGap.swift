import BridgeCore

/// A gap record, and what the world knows of it besides.
struct RecordedGap {
    var cause: GapRecord.Cause
    var topics: [Int]
    /// Event sequences; nil where the record says nothing.
    var from: Int?
    var to: Int?
    /// Where the log ended when the socket opened that recorded it, if that began at the server's present.
    var startHead: Int?
}
