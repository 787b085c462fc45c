// A socket beside others: what it brings must not overtake what they still bring (`order-per-key`).

extension ChannelMachine {
    /// Events of the socket have arrived and are not handed on yet: it observes.
    public mutating func arrived(_ id: SocketID, now: Instant) -> [ChannelAction] {
        self.heard(id, showsLife: true, now: now)
    }

    /// Whether what the socket brings may be handed on; once it may, it always may.
    ///
    /// A socket that became live beside others begins in the middle of what they bring. If it were handed on at once, an event that another one
    /// has not brought yet would come behind later ones of its key. So it waits until of each other one everything is read that was sent before
    /// this one was live, or that other one is given up. From then on each brings a beginning of the same sequence, and copies are taken out.
    public mutating func mayHandOn(_ id: SocketID) -> Bool {
        guard let place = self.place(of: id), let socket = self[place].socket, let since = socket.liveSince,
            !socket.hasJoined
        else { return true }
        for slot in self.slots.indices {
            for other in self.sockets(of: slot) where other != id {
                guard self.isElder(other, of: id, since: since) else { continue }
                if let moment = self.coverage.caughtUpMoment(of: other), moment < since { return false }
            }
        }
        self[place].socket?.hasJoined = true
        return true
    }

    private func isElder(_ other: SocketID, of id: SocketID, since: Instant) -> Bool {
        guard let place = self.place(of: other), let otherSince = self[place].socket?.liveSince else { return false }
        return otherSince < since || otherSince == since && other.number < id.number
    }
}
