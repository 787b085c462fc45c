// A socket beside others: what it brings must not overtake what they still bring (`order-per-key`).

extension ChannelMachine {
    /// Events of the socket have arrived and are not handed on yet: it observes.
    public mutating func arrived(_ id: SocketID, now: Instant) -> [ChannelAction] {
        self.heard(id, showsLife: true, now: now)
    }

    /// Whether what the socket brings may be handed on; once it may, it always may.
    ///
    /// A socket that became live beside others begins in the middle of what they bring. If it were handed on at once, an event that another one
    /// has not brought yet would come behind later ones of its key. So it waits until of each one that was dialled before it everything is read
    /// that was sent before this one was live, or until that other one is given up. From then on each brings a beginning of the same sequence,
    /// and copies are taken out. One that is still being opened may have been sent earlier events than this one, too.
    public mutating func mayHandOn(_ id: SocketID) -> Bool {
        guard let place = self.place(of: id), let socket = self[place].socket, let since = socket.liveSince,
            !socket.hasJoined
        else { return true }
        for slot in self.slots {
            for leg in [slot.main, slot.successor].compactMap(\.self) + slot.retiring.map(\.leg) {
                guard let other = leg.socketID, other.number < id.number else { continue }
                guard let moment = leg.socket?.caughtUpAt, moment >= since else { return false }
            }
        }
        self[place].socket?.hasJoined = true
        return true
    }
}
