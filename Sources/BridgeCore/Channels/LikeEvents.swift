/// Events that look alike, as far as sockets still have to bring copies of them.
struct LikeEvents {
    /// How many each socket has to bring of those that were handed on, at most: in each lane that of the socket at this place.
    var owed = SIMD8<Int16>()
    /// How many were handed on of late.
    var count = 0
    /// The number of the first of these.
    let first: Int
    /// The sockets of which a `HeadStart` says how many of those that are owed they will never bring; a bit for each.
    var headStarts: UInt8 = 0

    /// Whether nothing more is to be known of them.
    var isSettled: Bool { self.headStarts == 0 && self.owed == SIMD8() }
}
