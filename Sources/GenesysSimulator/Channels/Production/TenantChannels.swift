import NIOCore

/// The public notification service of one tenant: its channels, their sockets, and the topics that make events for
/// them.
///
/// Receives subscriptions and sockets. Hands each event to every socket that is subscribed to its topic; nobody keeps
/// it. Holds the channels' lists and one account for each topic. Belongs to the simulator's event loop.
final class TenantChannels: SendingRounds.Sender {
    /// How long topics make events before sockets and others have their turn.
    private static let turn = TimeAmount.milliseconds(2)
    /// Topics without a limit wait while a socket has so many bytes to write, and look so often whether it still has.
    private static let unwrittenBytesMax = 1 << 20
    private static let pause = TimeAmount.milliseconds(1)

    let settings: ChannelSettings
    let wall: WallTime
    let clientIdentifier: String
    var registry: ChannelRegistry
    var armed = ArmedChannelFaults()
    var ledger = ChannelsLedger()
    private let name: String
    private let eventLoop: any EventLoop
    private let rounds: SendingRounds
    /// Those whose time has come, in the order in which it came.
    private var due: [TopicLine] = []
    private var isWaitingForTurn = false
    /// Since when topics without a limit wait for a socket, and for how long they did before.
    private var heldBackSince: NIODeadline?
    private var heldBack = TimeAmount.zero
    private var writer: ChannelEventWriter
    private var lines: [String: TopicLine] = [:]
    /// The channels of each topic.
    private var subscribers: [String: [String]] = [:]
    private(set) var sockets: [String: ChannelSocket] = [:]
    /// Events a second that were ordered since the start, by template.
    private var orderedRates: [String: Double] = [:]
    private var orderedRate: Double?
    private var isStopped = false
    private var isShutDown = false

    init(
        tenant: SimulatedTenant,
        configuration: SimulatorConfiguration,
        eventLoop: any EventLoop,
        rounds: SendingRounds,
        wall: WallTime
    ) {
        let hash = SeededHash(seed: configuration.seed).derived(for: tenant.name).derived(for: "registry")
        self.name = tenant.name
        self.settings = configuration.channels
        self.wall = wall
        self.eventLoop = eventLoop
        self.rounds = rounds
        self.registry = ChannelRegistry(hash: hash, settings: configuration.channels)
        self.clientIdentifier = UniqueIdentifier(hash: hash.derived(for: tenant.clientId), number: 0).text
        self.writer = ChannelEventWriter(
            tenant: tenant.name,
            seed: configuration.seed,
            logStartMilliseconds: configuration.logStartMilliseconds
        )
    }

    // MARK: Channels

    /// Whether a channel of this identifier is there, its life over or not.
    func knows(_ id: String) -> Bool { self.registry.has(id) }

    /// A new channel; evicts another one where there are too many.
    func create(token: String, tokenEnd: NIODeadline?, now: NIODeadline) -> RegisteredChannel {
        self.removeExpired(now: now)
        let (created, evicted) = self.registry.create(
            token: token,
            tokenEnd: self.settings.endsWithToken ? tokenEnd : nil,
            now: now
        )
        self.ledger.channelsCreated += 1
        if let evicted {
            self.ledger.channelsEvicted += 1
            self.unsubscribe(evicted)
            self.sockets[evicted.id]?.loseChannel()
        }
        return created
    }

    /// Ends the channels whose life is over.
    func removeExpired(now: NIODeadline) {
        for channel in self.registry.removeExpired(now: now) {
            self.ledger.channelsExpired += 1
            self.unsubscribe(channel)
            self.sockets[channel.id]?.channelExpired(isTokenEnd: channel.tokenEnd.map { $0 <= now } ?? false)
        }
    }

    /// The channel is gone, whatever its socket does.
    @discardableResult
    func remove(_ id: String) -> Bool {
        guard let channel = self.registry.remove(id) else { return false }
        self.unsubscribe(channel)
        return true
    }

    /// - Parameter replaces: these are all that there are from now on.
    func subscribe(
        _ subscriptions: [ChannelSubscription],
        to id: String,
        replaces: Bool,
        gate: TopicGate,
        now: NIODeadline
    ) {
        guard let channel = self.registry.channel(id, now: now) else { return }
        if replaces {
            self.unsubscribe(channel)
            self.registry.replace(subscriptions, of: id, now: now)
        } else {
            self.registry.add(subscriptions, to: id)
        }
        for topic in subscriptions.flatMap(\.topics) {
            if self.subscribers[topic.name]?.contains(id) != true {
                self.subscribers[topic.name, default: []].append(id)
            }
            if self.lines[topic.name] == nil {
                self.lines[topic.name] = TopicLine(topic: topic, rate: self.rate(of: topic, gate), now: now)
            }
            if let line = self.lines[topic.name] { self.plan(line) }
        }
    }

    func unsubscribeAll(_ id: String, now: NIODeadline) {
        guard let channel = self.registry.channel(id, now: now) else { return }
        self.unsubscribe(channel)
        self.registry.removeSubscriptions(of: id)
    }

    private func unsubscribe(_ channel: RegisteredChannel) {
        for topic in channel.subscriptions.flatMap(\.topics) {
            self.subscribers[topic.name]?.removeAll { $0 == channel.id }
        }
    }

    // MARK: Sockets

    /// A second socket on a channel displaces the first.
    func opened(_ socket: ChannelSocket, now: NIODeadline) {
        let id = socket.grant.channel.id
        if let first = self.sockets[id] {
            self.ledger.connectionsDisplaced += 1
            first.displaced()
        }
        self.sockets[id] = socket
        self.registry.setConnected(true, id)
        self.ledger.opened(
            ChannelConnectionSnapshot(
                number: socket.grant.number,
                channelId: id,
                openedMilliseconds: self.wall.milliseconds(now)
            )
        )
    }

    func ended(_ socket: ChannelSocket, now: NIODeadline) {
        let id = socket.grant.channel.id
        let milliseconds = self.wall.milliseconds(now)
        self.ledger.update(socket.grant.number) { $0.endedMilliseconds = milliseconds }
        guard self.sockets[id] === socket else { return }
        self.sockets[id] = nil
        self.registry.setConnected(false, id)
    }

    /// The open ones, in the order of their numbers.
    var openSockets: [ChannelSocket] {
        self.sockets.values.filter(\.life.maySend).sorted { $0.grant.number < $1.grant.number }
    }

    // MARK: Production

    private func rate(of topic: NotificationTopic, _ gate: TopicGate) -> ProductionRate {
        let template = topic.template
        if self.isStopped || template.isSystem || !gate.makesEvents(topic) { return .eventsPerSecond(0) }
        if let ordered = self.orderedRates[template.text] ?? self.orderedRate {
            return .eventsPerSecond(template.isAnalytics ? min(1, ordered) : ordered)
        }
        if self.settings.isUnlimited, !template.isAnalytics { return .unlimited }
        return .eventsPerSecond(self.settings.rate(of: template))
    }

    /// - Parameter template: nil stands for all topics.
    func setRate(_ eventsPerSecond: Double, template: String?, gate: TopicGate, now: NIODeadline) {
        self.isStopped = false
        if let template {
            self.orderedRates[template] = eventsPerSecond
        } else {
            self.orderedRates = [:]
            self.orderedRate = eventsPerSecond
        }
        self.paceAnew(gate: gate, now: now)
    }

    /// Makes no further events until there is a new rate.
    func stopProducing(gate: TopicGate, now: NIODeadline) {
        // What is due has come to be: behind this call there is nothing new.
        for line in self.lines.values { self.produce(line) }
        self.isStopped = true
        self.paceAnew(gate: gate, now: now)
    }

    /// Rates or resources are others.
    func paceAnew(gate: TopicGate, now: NIODeadline) {
        for line in self.lines.values {
            line.pace.setRate(self.rate(of: line.topic, gate), offered: line.account.produced, now: now)
            line.timer?.cancel()
            line.timer = nil
            self.plan(line)
        }
    }

    private func plan(_ line: TopicLine) {
        guard !self.isShutDown, line.timer == nil, !line.isDue, let time = line.nextInstant else { return }
        if line.pace.isUnlimited, self.hasSocket(line) {
            line.isDue = true
            self.due.append(line)
            return self.askForTurn()
        }
        let deadline = max(time, self.eventLoop.now + .milliseconds(1))
        line.timer = self.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) {
            line.timer = nil
            line.isDue = true
            self.due.append(line)
            self.askForTurn()
        }
    }

    private func askForTurn() {
        guard !self.isWaitingForTurn else { return }
        self.isWaitingForTurn = true
        self.rounds.enqueue(self)
    }

    /// Makes what is due, for as long as the turn lasts.
    func takeTurn() {
        self.isWaitingForTurn = false
        let end = self.eventLoop.now + Self.turn
        var done = 0
        var isHeldBack = false
        while done < self.due.count, !self.isShutDown, done == 0 || self.eventLoop.now < end {
            let line = self.due[done]
            isHeldBack = line.pace.isUnlimited && !self.hasRoom(line)
            self.note(isHeldBack: isHeldBack)
            if isHeldBack { break }
            done += 1
            line.isDue = false
            self.produce(line)
            self.plan(line)
        }
        self.due.removeFirst(done)
        if self.settings.isUnlimited { for socket in self.sockets.values { socket.flush() } }
        if self.due.isEmpty || self.isShutDown || self.isWaitingForTurn { return }
        guard isHeldBack else { return self.askForTurn() }
        self.isWaitingForTurn = true
        self.eventLoop.assumeIsolated().scheduleTask(in: Self.pause) { self.rounds.enqueue(self) }
    }

    private func note(isHeldBack: Bool) {
        guard isHeldBack != (self.heldBackSince != nil) else { return }
        let now = self.eventLoop.now
        self.heldBack = self.heldBack + self.heldBackTime(now: now)
        self.heldBackSince = isHeldBack ? now : nil
    }

    private func heldBackTime(now: NIODeadline) -> TimeAmount {
        self.heldBackSince.map { now - $0 } ?? .zero
    }

    private func hasSocket(_ line: TopicLine) -> Bool {
        self.subscribers[line.topic.name]?.contains { self.sockets[$0]?.life.maySend == true } ?? false
    }

    private func hasRoom(_ line: TopicLine) -> Bool {
        let channels = self.subscribers[line.topic.name] ?? []
        let bytesMax = min(Self.unwrittenBytesMax, self.settings.unreadBytesMax / 2)
        return channels.allSatisfy { (self.sockets[$0]?.unreadBytes ?? 0) <= bytesMax }
    }

    private func produce(_ line: TopicLine) {
        let now = self.eventLoop.now
        let due = line.due(now: now)
        // Without a limit there is no event that nobody takes.
        guard !due.isEmpty, !line.pace.isUnlimited || self.hasSocket(line) else { return }
        let milliseconds = self.wall.milliseconds(now)
        line.times.add(first: due.lowerBound, milliseconds: milliseconds)
        let channels = self.subscribers[line.topic.name] ?? []
        for sequence in due {
            let open = channels.compactMap { self.sockets[$0] }.filter(\.life.maySend)
            var copies = 0
            if !open.isEmpty {
                let time = self.settings.timesAreReal ? milliseconds : nil
                let message = self.writer.message(line.topic, sequence: sequence, milliseconds: time)
                for socket in open where socket.deliver(message) { copies += 1 }
            }
            line.account.add(copies: copies, milliseconds: milliseconds)
        }
        // Without a limit it is done once a turn.
        if !line.pace.isUnlimited { for id in channels { self.sockets[id]?.flush() } }
    }

    /// Makes no events ever again.
    func shutDown() {
        self.isShutDown = true
        for line in self.lines.values { line.timer?.cancel() }
    }

    // MARK: What is true

    /// The bytes of an event, as every socket gets them; nil where there is no such topic.
    func message(topic name: String, sequence: Int) -> ByteBuffer? {
        let time = self.settings.timesAreReal ? self.lines[name]?.times.milliseconds(of: sequence) : nil
        return TopicCatalog.shared.topic(named: name).map {
            self.writer.message($0, sequence: sequence, milliseconds: time)
        }
    }

    /// When events came to be, in milliseconds since 1970.
    func milliseconds(of sequences: [Int], topic: String) -> [Int?] {
        let times = self.lines[topic]?.times
        return sequences.map { times?.milliseconds(of: $0) }
    }

    func snapshot(now: NIODeadline) -> ChannelsSnapshot {
        ChannelsSnapshot(
            tenant: self.name,
            milliseconds: self.wall.milliseconds(now),
            topics: self.lines.sorted { $0.key < $1.key }.map { name, line in
                TopicSnapshot(
                    topic: name,
                    produced: line.account.produced,
                    sent: line.account.sent,
                    lost: line.account.lost,
                    rangesForgotten: line.account.rangesForgotten,
                    copiesSent: line.account.copiesSent
                )
            },
            channels: self.registry.all.filter { now < $0.end }.map { channel in
                ChannelSnapshot(
                    id: channel.id,
                    isConnected: channel.isConnected,
                    subscriptions: channel.subscriptions.map(\.id),
                    expires: self.wall.text(channel.expires)
                )
            },
            connections: self.ledger.connections,
            channelsCreated: self.ledger.channelsCreated,
            channelsEvicted: self.ledger.channelsEvicted,
            channelsExpired: self.ledger.channelsExpired,
            connectAnswers: self.ledger.connectAnswers,
            connectionsDisplaced: self.ledger.connectionsDisplaced,
            connectionsOverrun: self.ledger.connectionsOverrun,
            pingsAnswered: self.ledger.pingsAnswered,
            millisecondsHeldBack: Int((self.heldBack + self.heldBackTime(now: now)).nanoseconds / 1_000_000),
            eventsSent: self.ledger.eventsSent,
            faultsFired: self.ledger.faultsFired.named,
            violations: self.ledger.violations.named
        )
    }
}
