import NIOCore

/// What a fault asks of a stream's driver at once.
enum StreamAction: Equatable {
    case none
    /// Send a close frame with this code and reason.
    case close(code: UInt16, reason: String)
    /// Reset the TCP connection.
    case reset
    /// Send nothing; ask again at this time.
    case silence(until: NIODeadline?)
    /// Send nothing and read nothing, until the connection dies.
    case deafness
    /// Send the bytes drop by drop, until then or for ever.
    case writeSlowly(SlowPace)
    /// Read the bytes drop by drop, until then or for ever.
    case readSlowly(SlowPace)
    /// Send so many pings of so many bytes.
    case pings(count: Int, bytes: Int)
    /// Reset the TCP connection when it was idle for so long.
    case watchIdle(TimeAmount)
}
