import BridgeCore

/// A machine, a simulated server and a reader for each socket: an event heap, a virtual clock, one seed.
final class ChannelWorld {
    struct Faults {
        var planned = true
        /// Closes without warning, stalls, evictions, kills and REST trouble, each a day.
        var unplannedPerDay = 0.0
        var slowReadsPerDay = 0.0
        /// A server that drops everything on a living socket for a while, and then goes on.
        var hushesPerDay = 0.0
        var restFailure = 0.0
        var answersPings = true
        /// What a socket brings is later than the network alone makes it by up to so much, each by its own.
        var lagSecondsMax = 0.0
    }

    /// What happens in the organization, and how long its channels live.
    struct Pace {
        /// From one event to the next, at most.
        var eventSecondsMax = 60.0
        /// How many bodies are those of their time.
        var sameShare = 0.2
        /// For how long that is the same one.
        var sameSeconds = 600
        var channelSeconds = 86_400.0
        var heartbeatSeconds = 28.0...31
    }

    /// What one socket has arrived with, and its reader.
    struct Reader {
        var inbox: [SimulatedServer.Message] = []
        var next = 0
        var isBusy = false
        var endsBehind: Bool = false
        var lastArrival = Instant()
    }

    static let week = Duration.seconds(7 * 24 * 3600)
    static let topics = ["t0", "t1", "t2", "t3"]

    let seed: UInt64
    let faults: Faults
    let pace: Pace
    var random: SeededGenerator
    let server = SimulatedServer()
    var machine: ChannelMachine
    var now = Instant()
    var policy: ChannelPolicy
    /// Numbers of events that were handed on, as often as they were.
    var delivered: [Int: Int] = [:]
    /// Events of bodies of their own that came for the first time behind a later one of their topic.
    var overtaken = 0
    private var newestOfTopic: [String: Int] = [:]
    var gaps: [ChannelGap] = []
    var durable: Instant?
    var tokenSerial = 1
    var createsAt: [Instant] = []
    var callsAt: [Instant] = []
    var dialsAt: [Instant] = []
    var fired: [String: Int] = [:]
    private var heap = EventHeap()
    var wakeAt: Instant?
    var readers: [SocketID: Reader] = [:]
    /// The machine's channels and sockets are counted from 1: those of a later process are told apart by this.
    var generation = 0
    var places = ChannelPlaces<ChannelID>(count: 2)

    init(seed: UInt64, faults: Faults, pace: Pace = Pace(), policy: ChannelPolicy = ChannelPolicy()) {
        self.seed = seed
        self.faults = faults
        self.pace = pace
        self.policy = policy
        self.random = SeededGenerator(seed: seed)
        self.machine = ChannelMachine(policy: policy, topics: Self.topics, lastCaughtUp: nil)
    }

    // MARK: Time

    func after(_ delay: Duration, _ body: @escaping (ChannelWorld) -> Void) {
        self.heap.push(at: self.now.advanced(by: delay).nanoseconds) { [unowned self] in body(self) }
    }

    func seconds(_ range: ClosedRange<Double>) -> Duration {
        .milliseconds(Int64(Double.random(in: range, using: &self.random) * 1000))
    }

    func chance(_ probability: Double) -> Bool { Double.random(in: 0..<1, using: &self.random) < probability }

    func run(for duration: Duration = ChannelWorld.week) {
        let end = self.now.advanced(by: duration)
        self.perform(self.machine.start())
        self.emitEvents()
        self.tick()
        if self.faults.planned { self.changeTokens() }
        self.planFaults()
        while let at = self.heap.nextAt, at <= end.nanoseconds, let body = self.heap.pop() {
            self.now = Instant(nanoseconds: at)
            body()
        }
    }

    /// Looks at the machine's next deadline when that comes.
    func arm() {
        guard let next = self.machine.nextDeadline, next < self.wakeAt ?? Instant(nanoseconds: .max) else { return }
        self.wakeAt = next
        self.after(self.now.duration(to: max(next, self.now))) { world in
            guard world.wakeAt == next else { return }
            world.wakeAt = nil
            world.perform(world.machine.deadlineReached(now: world.now, random: &world.random))
        }
    }

    /// Each half minute what was received so far is durable.
    private func tick() {
        self.gaps += self.machine.takeGaps()
        self.durable = self.machine.caughtUpAt
        self.after(.seconds(30)) { $0.tick() }
    }

    private func emitEvents() {
        let number = self.server.events.count
        let topic = Self.topics.randomElement(using: &self.random)!
        // Some of the bodies are repeated: only its time tells such an event from another.
        let time = Int64(self.now.nanoseconds) / (Int64(self.pace.sameSeconds) * 1_000_000_000)
        let body = self.chance(self.pace.sameShare) ? "same-\(time)" : "\(number)"
        self.server.events.append(.init(topic: topic, body: body, sentAt: self.now))
        for socket in self.server.observers(of: topic) { self.send(.event(number), on: socket) }
        self.after(self.seconds(0...self.pace.eventSecondsMax)) { $0.emitEvents() }
    }

    // MARK: The network

    func send(_ kind: SimulatedServer.Message.Kind, on id: SocketID) {
        guard let socket = self.server.sockets[id], socket.isOpen, !socket.isStalled else { return }
        guard socket.hushedUntil <= self.now else {
            if case .event = kind { self.note("dropped") }
            return
        }
        let message = SimulatedServer.Message(kind: kind, sentAt: self.now)
        // In order, whatever each one's delay.
        let delay = self.seconds(0.01...0.3) + socket.lag
        let arrival = max(self.now.advanced(by: delay), self.readers[id]?.lastArrival ?? self.now)
        self.readers[id]?.lastArrival = arrival
        let generation = self.generation
        self.after(self.now.duration(to: arrival)) { world in
            guard world.generation == generation, world.server.sockets[id]?.isStalled == false else { return }
            world.readers[id]?.inbox.append(message)
            world.read(id)
        }
    }

    func read(_ id: SocketID) {
        guard var reader = self.readers[id], !reader.isBusy else { return }
        guard reader.next < reader.inbox.count else {
            if reader.endsBehind {
                self.readers[id] = nil
                self.perform(self.machine.ended(id, reason: "closed", now: self.now, random: &self.random))
            }
            return
        }
        let message = reader.inbox[reader.next]
        if case .event = message.kind {
            self.perform(self.machine.arrived(id, now: self.now))
            guard self.machine.mayHandOn(id) else { return self.wait(id) }
        }
        reader.next += 1
        if reader.next == reader.inbox.count {
            reader.inbox = []
            reader.next = 0
        }
        let wasLast = reader.inbox.isEmpty
        self.readers[id] = reader
        switch message.kind {
        case .event(let number): self.receive(number, on: id)
        case .control(let control):
            self.perform(self.machine.controlReceived(id, control, now: self.now, random: &self.random))
        }
        if wasLast { self.perform(self.machine.readerCaughtUp(id, at: self.now, now: self.now)) }
        self.read(id)
    }

    /// It is not read until it may be handed on.
    private func wait(_ id: SocketID) {
        self.note("joining")
        self.readers[id]?.isBusy = true
        self.machine.heldBack(id)
        let generation = self.generation
        self.after(.milliseconds(50)) { world in
            guard world.generation == generation, world.readers[id] != nil else { return }
            world.readers[id]?.isBusy = false
            world.machine.released(id, now: world.now)
            world.arm()
            world.read(id)
        }
    }

    /// One event of the topic `x` with this body.
    private static func batch(_ body: String) -> ChannelBatch {
        let bytes = Array("x\(body)".utf8)
        let range = ByteRange(offset: 1, length: UInt32(bytes.count - 1))
        let event = NotificationEvent(
            value: range,
            id: range,
            idIsDerived: true,
            name: nil,
            resourceID: nil,
            time: nil,
            timeMilliseconds: nil
        )
        let batch = NotificationBatch(
            bytes: MessageBytes(bytes),
            events: [event],
            position: nil,
            batchID: nil,
            endsMessage: true
        )
        return ChannelBatch(batch, matches: [.init(topic: ByteRange(offset: 0, length: 1), body: range)])
    }

    private func receive(_ number: Int, on id: SocketID) {
        let event = self.server.events[number]
        var batch = Self.batch("\(event.topic) \(event.body)")
        let outcome = self.machine.received(&batch, from: id, now: self.now)
        self.perform(outcome.actions)
        guard outcome.copies == 0 else { return }
        let isFirst = self.delivered[number] == nil
        self.delivered[number, default: 0] += 1
        guard isFirst, !event.body.hasPrefix("same") else { return }
        if number < self.newestOfTopic[event.topic] ?? 0 { self.overtaken += 1 }
        self.newestOfTopic[event.topic] = max(number, self.newestOfTopic[event.topic] ?? 0)
    }

    /// The server closes: what has arrived is read first; with `abrupt` what is under way is lost.
    func close(_ id: SocketID, abrupt: Bool) {
        guard self.server.sockets[id]?.isOpen == true else { return }
        self.server.sockets[id]?.isOpen = false
        if abrupt { self.server.sockets[id]?.isStalled = true }
        let generation = self.generation
        self.after(.milliseconds(400)) { world in
            guard world.generation == generation else { return }
            world.server.sockets[id] = nil
            world.readers[id]?.endsBehind = true
            world.read(id)
        }
    }

    func note(_ fault: String) { self.fired[fault, default: 0] += 1 }

    // MARK: What the machine asks for

    func perform(_ actions: [ChannelAction]) {
        for action in actions { self.perform(action) }
        self.arm()
    }

    private func later(_ body: @escaping (ChannelWorld) -> Void) {
        let generation = self.generation
        self.after(self.seconds(0.05...1.5)) { world in
            if world.generation == generation { body(world) }
        }
    }

    private func perform(_ action: ChannelAction) {
        switch action {
        case .markTokenBad(let serial):
            self.tokenSerial = max(self.tokenSerial, serial + 1)
        case .awaitToken(let id, let serial): self.awaitToken(id, newerThan: serial)
        case .awaitPlace(let id):
            if self.places.ask(id) { self.later { $0.perform($0.machine.placeGranted(id)) } }
        case .releasePlace(let id):
            if let next = self.places.release(id) { self.later { $0.perform($0.machine.placeGranted(next)) } }
        case .create(let id): self.create(id)
        case .subscribe(let id, let topics, let mode): self.subscribe(id, topics, mode)
        case .check(let id):
            self.callsAt.append(self.now)
            self.later { world in
                let isValid = world.server.channels[id].map { $0.expiresAt > world.now && !$0.isEvicted } ?? false
                world.perform(world.machine.checked(id, isValid: isValid, now: world.now, random: &world.random))
            }
        case .connect(let channel, let id): self.connect(channel, id)
        case .ping(let id):
            guard self.faults.answersPings else { return }
            self.after(.milliseconds(30)) { $0.send(.control(.pong), on: id) }
        case .close(let id, _):
            // The adapter ends it within its bound, whatever the peer does; what has not been read by then is dropped.
            self.server.sockets[id] = nil
            self.readers[id]?.inbox = []
            self.readers[id]?.next = 0
            self.readers[id]?.isBusy = false
            self.endRead(id)
        case .suspect: self.note("suspect")
        case .forget, .holdOffHost, .hostIsHealthy, .finish: break
        }
    }

    private func endRead(_ id: SocketID) {
        self.later { world in
            world.readers[id]?.endsBehind = true
            world.read(id)
        }
    }

    private func awaitToken(_ id: ChannelID, newerThan serial: Int?) {
        self.later { world in
            guard serial.map({ $0 < world.tokenSerial }) ?? true else { return world.awaitToken(id, newerThan: serial) }
            world.perform(
                world.machine.tokenReady(
                    id,
                    serial: world.tokenSerial,
                    expiresAt: world.now.advanced(by: .seconds(90_000))
                )
            )
        }
    }

    private func create(_ id: ChannelID) {
        self.createsAt.append(self.now)
        self.callsAt.append(self.now)
        self.later { world in
            if world.chance(world.faults.restFailure) {
                world.note("REST failure")
                let failure: ChannelFailure =
                    world.chance(0.3)
                    ? .throttled(retryAfterSeconds: 20, reason: "429") : .unavailable(reason: "503")
                return world.perform(
                    world.machine.createFailed(id, failure, now: world.now, random: &world.random)
                )
            }
            let expiresAt = world.now.advanced(by: .milliseconds(Int64(world.pace.channelSeconds * 1000)))
            world.server.channels[id] = .init(expiresAt: expiresAt)
            world.perform(world.machine.created(id, expiresAt: expiresAt, now: world.now))
        }
    }

    private func subscribe(_ id: ChannelID, _ topics: [String], _ mode: SubscriptionMode) {
        self.callsAt.append(self.now)
        self.later { world in
            if world.chance(world.faults.restFailure) {
                return world.perform(
                    world.machine.subscribeFailed(
                        id,
                        .unavailable(reason: "hang"),
                        now: world.now,
                        random: &world.random
                    )
                )
            }
            if mode == .replace { world.server.channels[id]?.topics = [] }
            world.server.channels[id]?.topics.formUnion(topics)
            let verdicts = topics.map { TopicVerdict(topic: $0) }
            world.perform(world.machine.subscribed(id, verdicts, now: world.now, random: &world.random))
        }
    }

    private func connect(_ channel: ChannelID, _ id: SocketID) {
        self.dialsAt.append(self.now)
        self.later { world in
            guard let known = world.server.channels[channel], known.expiresAt > world.now, !known.isEvicted else {
                let failure = ChannelDialFailure.channelInvalid(reason: "404")
                return world.perform(world.machine.connectFailed(id, failure, now: world.now, random: &world.random))
            }
            if world.chance(world.faults.restFailure) {
                let failure = ChannelDialFailure.unavailable(reason: "refused")
                return world.perform(world.machine.connectFailed(id, failure, now: world.now, random: &world.random))
            }
            let lag = world.faults.lagSecondsMax > 0 ? world.seconds(0...world.faults.lagSecondsMax) : .zero
            world.server.sockets[id] = .init(channel: channel, openedAt: world.now, lag: lag)
            world.readers[id] = Reader()
            world.after(world.now.duration(to: known.expiresAt)) { [generation = world.generation] world in
                if world.generation == generation { world.close(id, abrupt: true) }
            }
            world.perform(world.machine.connected(id, now: world.now))
            world.beat(id, generation: world.generation)
        }
    }

    private func beat(_ id: SocketID, generation: Int) {
        self.after(self.seconds(self.pace.heartbeatSeconds)) { world in
            guard world.generation == generation, world.server.sockets[id]?.isOpen == true else { return }
            world.send(.control(.heartbeat), on: id)
            world.beat(id, generation: generation)
        }
    }
}
