import BridgeCore

// MARK: - Faults

extension ChannelWorld {
    func changeTokens() {
        self.after(self.seconds(36_000...80_000)) { world in
            world.note("token change")
            world.tokenSerial += 1
            world.perform(world.machine.tokenChanged(serial: world.tokenSerial))
            world.changeTokens()
        }
    }

    func planFaults() {
        if self.faults.planned {
            self.repeatedly(perDay: 4) { $0.announceClose() }
        }
        self.repeatedly(perDay: self.faults.slowReadsPerDay) { world in
            if let id = world.openSockets.randomElement(using: &world.random) { world.slowDown(id) }
        }
        self.repeatedly(perDay: self.faults.hushesPerDay) { world in
            guard let id = world.openSockets.randomElement(using: &world.random) else { return }
            world.note("hush")
            // Longer than from one ping to the next: a shorter one can pass unnoticed.
            let end = world.now.advanced(by: world.policy.pingInterval + world.seconds(1...25))
            world.server.sockets[id]?.hushedUntil = end
        }
        self.repeatedly(perDay: self.faults.unplannedPerDay) { $0.strike() }
    }

    private func repeatedly(perDay: Double, _ body: @escaping (ChannelWorld) -> Void) {
        guard perDay > 0 else { return }
        self.after(self.seconds(0...(2 * 86_400 / perDay))) { world in
            body(world)
            world.repeatedly(perDay: perDay, body)
        }
    }

    var openSockets: [SocketID] {
        self.server.sockets.filter(\.value.isOpen).keys.sorted { $0.number < $1.number }
    }

    private func announceClose() {
        guard let id = self.openSockets.last else { return }
        self.note("announced close")
        self.send(.control(.socketClosing), on: id)
        self.after(.seconds(60)) { [generation = self.generation] world in
            if world.generation == generation { world.close(id, abrupt: false) }
        }
    }

    private func strike() {
        guard let id = self.openSockets.randomElement(using: &self.random) else { return }
        switch Int.random(in: 0..<5, using: &self.random) {
        case 0:
            self.note("abrupt close")
            self.close(id, abrupt: true)
        case 1:
            self.note("close")
            self.close(id, abrupt: false)
        case 2:
            self.note("stall")
            self.server.sockets[id]?.isStalled = true
        case 3:
            self.note("eviction")
            if let channel = self.server.sockets[id]?.channel { self.server.channels[channel]?.isEvicted = true }
            self.send(.control(.noLongerSubscribed(reason: "another_channel_subscribed")), on: id)
        default:
            self.kill()
        }
    }

    /// A slow disk: nothing is read for a while.
    func slowDown(_ id: SocketID) {
        guard self.readers[id] != nil, self.readers[id]?.isBusy == false else { return }
        self.note("slow read")
        self.readers[id]?.isBusy = true
        self.machine.heldBack(id)
        let generation = self.generation
        self.after(self.seconds(5...120)) { world in
            guard world.generation == generation, world.readers[id] != nil else { return }
            world.readers[id]?.isBusy = false
            world.machine.released(id, now: world.now)
            world.arm()
            world.read(id)
        }
    }

    /// The process ends, and begins anew ten seconds later with what was durable.
    private func kill() {
        self.note("kill")
        self.gaps += self.machine.takeGaps()
        self.generation += 1
        self.readers = [:]
        self.wakeAt = nil
        self.server.sockets = [:]
        self.server.channels = [:]
        self.places = ChannelPlaces(count: 2)
        self.machine = ChannelMachine(policy: self.policy, topics: Self.topics, lastCaughtUp: self.durable)
        self.after(.seconds(10)) { [generation = self.generation] world in
            if world.generation == generation { world.perform(world.machine.start()) }
        }
    }
}
