/// Where a spool's segments are. Each call blocks until it is done.
protocol SpoolMedium: Sendable {
    /// The segments that are there, by their first entries, and their sizes.
    func segments() throws(SpoolMediumFailure) -> [(first: UInt64, byteCount: Int)]

    /// Writes `bytes` to a segment from `offset` on. `isNew`: there is none yet, or one of which nothing was confirmed.
    func write(_ bytes: [UInt8], to first: UInt64, at offset: Int, isNew: Bool) throws(SpoolMediumFailure)

    /// Makes what was written to a segment durable, and a new one's name.
    func sync(_ first: UInt64, isNew: Bool) throws(SpoolMediumFailure)

    /// Makes a segment as long as it was: `byteCount` bytes, or nil: there was none.
    func cut(_ first: UInt64, to byteCount: Int?) throws(SpoolMediumFailure)

    /// At most `byteCount` bytes of a segment from `offset` on; fewer where it ends.
    func read(_ first: UInt64, from offset: Int, byteCount: Int) throws(SpoolMediumFailure) -> [UInt8]

    /// Deletes a segment. One that is not there is deleted.
    func delete(_ first: UInt64) throws(SpoolMediumFailure)

    /// The cursor's bytes; nil where there are none.
    func cursor() throws(SpoolMediumFailure) -> [UInt8]?

    /// Puts `bytes` in the cursor's place, durably.
    func writeCursor(_ bytes: [UInt8]) throws(SpoolMediumFailure)

    /// Gives up what is open. Nothing is called afterwards.
    func close()

    /// What a person calls a segment.
    func name(of first: UInt64) -> String
}
