/// How many events that look alike a socket will never bring although others brought them while it was being opened, for they were sent
/// before it observed.
///
/// At first nobody can see it: a copy on this socket may be the first of them or the last. `countMax` bounds it; proofs lower the bound.
struct HeadStart {
    /// Of the events that are owed so many may never come; and where fewer are owed, so many fewer may have been taken for copies that were none.
    var countMax = 0
    /// When one of them was last handed on, by any socket.
    var handedOnAt: Instant
    /// When this socket last brought one; nil: it has brought none.
    var broughtAt: Instant?
    /// The sockets that brought them before it; a bit for each.
    var sources: UInt8 = 0

    /// Whether what this socket brought may have been taken for a copy although it is the only one so far.
    func isDoubtful(owed: Int16) -> Bool { self.countMax > Int(owed) }
}
