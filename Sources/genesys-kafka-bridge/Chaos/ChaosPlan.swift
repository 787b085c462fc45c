import GenesysSimulator

/// The faults that one tenant meets: all kinds of its dialect in an order of the seed's choice, again and again. Pure.
struct ChaosPlan {
    /// A client that was refused for its rate stays away for as long as the profile's hold-off; a little less is asked of it.
    private static let blockMilliseconds = 900
    /// Above what the profile's bridge accepts.
    private static let oversizedByteCount = 1_200_000
    /// Longer than the profile's request and connect time-outs are patient, or a little shorter.
    private static let hangMilliseconds = 600...2_500

    private static let pauses = 0...1_500
    /// What channels miss is gone: between two faults there has to be something that is not inside a gap.
    private static let channelPauses = 1_000...4_000

    private let isOfChannels: Bool
    private var deck: FaultDeck<ChaosKind>
    private var random: SeededRandom

    /// The plan of tenant `index` of `count`.
    ///
    /// - Parameter isOfChannels: the tenant has channels, and no stream.
    init(seed: UInt64, tenant index: Int, of count: Int, isOfChannels: Bool = false) {
        self.isOfChannels = isOfChannels
        self.random = SeededRandom(seed: seed &+ UInt64(index) &* 0x9E37)
        self.deck = FaultDeck(
            isOfChannels ? ChaosKind.ofChannels : ChaosKind.ofStreams,
            seed: seed,
            tenant: index,
            of: count,
            random: &self.random
        )
    }

    /// The next fault: three of four meet a tenant that is well, the fourth one that still has the last fault to get over.
    mutating func next() -> ChaosStep {
        let kind = self.deck.next(random: &self.random)
        return ChaosStep(
            kind: kind,
            orders: self.orders(kind),
            waitsForProgress: self.number(in: 1...4) > 1,
            pause: .milliseconds(self.number(in: self.isOfChannels ? Self.channelPauses : Self.pauses))
        )
    }

    /// It did not take effect: it comes again, as the last one of this round.
    mutating func postpone(_ kind: ChaosKind) {
        self.deck.postpone(kind)
    }

    private mutating func orders(_ kind: ChaosKind) -> [ChaosStep.Order] {
        switch kind {
        case .channelFault(let kind): self.channelOrders(kind)
        // Whoever has to make a new channel asks for everything anew.
        case .fault(let kind) where self.isOfChannels: [.fault(self.requestFault(kind))] + self.requestsAnew(kind)
        case .fault(let kind): self.orders(kind)
        }
    }

    private mutating func orders(_ kind: FaultKind) -> [ChaosStep.Order] {
        switch kind {
        case .resourceDeleted: [.delete(closesStreams: self.coin())]
        // A stream that is not told goes on without the resource: nobody could record what it misses.
        case .resourceForbidden: [.forbid]
        case .rejectUpgrade, .upgradeHang, .rateLimitedUpgrade, .scopeRemoved, .invalidSubscription, .inclusiveReplay,
            .positionLost:
            [.fault(self.upgradeFault(kind)), .fault(self.coin() ? .reset : .goingAway)]
        case .tokenRefused, .tokenServerError, .tokenHang, .restServerError, .restHang:
            [.fault(self.requestFault(kind)), .fault(.tokenExpired)]
        // A proxy sees an idle connection only where there is no traffic.
        case .idleTimeout: [.fault(.idleTimeout(milliseconds: 300)), .fault(.stall(durationMilliseconds: 800))]
        case _: [.fault(self.streamFault(kind))]
        }
    }

    private mutating func streamFault(_ kind: FaultKind) -> Fault {
        switch kind {
        case .tokenExpired: .tokenExpired
        case .goingAway: .goingAway
        case .drain: .drain(code: self.coin() ? 1001 : 1012, intervalMilliseconds: 200)
        case .rateLimited:
            .rateLimited(
                code: [429, 1008, 1013, 4429][self.number(in: 0...3)],
                retryAfterSeconds: self.coin() ? 1 : nil,
                blockMilliseconds: Self.blockMilliseconds
            )
        case .stall: .stall(durationMilliseconds: nil)
        case .halfOpen: .halfOpen(reads: self.coin())
        case .slowWrite: .slowWrite(bytes: 4_000, intervalMilliseconds: 5, durationMilliseconds: 1_500)
        case .slowRead: .slowRead(bytes: 16, intervalMilliseconds: 20, durationMilliseconds: 1_500)
        case .serverPing: .serverPing(count: 100, bytes: 125)
        case .fragmentation: .fragmentation(messages: 40, seed: self.random.next())
        case .invalidJSON: .invalidJSON(messages: 1)
        case .invalidUTF8: .invalidUTF8(messages: 1)
        case .oversizedMessage: .oversizedMessage(bytes: Self.oversizedByteCount)
        case .poison:
            .poison(
                times: 2,
                damage: [.invalidJSON, .invalidUTF8, .oversized(bytes: Self.oversizedByteCount)][
                    self.number(in: 0...2)
                ]
            )
        case .duplicateBatch: .duplicateBatch(messages: 2)
        case .unsubscribedEvent: .unsubscribedEvent(messages: 2)
        case .eventWithoutName: .eventWithoutName(messages: 2)
        case .eventWithoutResource: .eventWithoutResource(messages: 2)
        case .eventWithoutIdentifier: .eventWithoutIdentifier(messages: 2)
        case _: .reset
        }
    }

    private mutating func upgradeFault(_ kind: FaultKind) -> Fault {
        switch kind {
        case .upgradeHang: .upgradeHang(count: 1, durationMilliseconds: self.coin() ? nil : self.hang())
        case .rateLimitedUpgrade:
            .rateLimitedUpgrade(
                count: 1,
                retryAfterSeconds: self.coin() ? 1 : nil,
                blockMilliseconds: Self.blockMilliseconds
            )
        case .scopeRemoved: .scopeRemoved(count: 1)
        case .invalidSubscription: .invalidSubscription(count: 1)
        case .inclusiveReplay: .inclusiveReplay(count: 1)
        case .positionLost: .positionLost(count: 1, form: PositionLossForm.allCases[self.number(in: 0...2)])
        case _: .rejectUpgrade(status: [500, 502, 503, 504][self.number(in: 0...3)], count: 1)
        }
    }

    private mutating func requestFault(_ kind: FaultKind) -> Fault {
        switch kind {
        case .tokenRefused: .tokenRefused(status: self.coin() ? 400 : 401, count: 1)
        case .tokenHang: .tokenHang(count: 1, durationMilliseconds: self.hang())
        case .restServerError: .restServerError(status: 503, count: 1)
        case .restHang: .restHang(count: 1, durationMilliseconds: self.hang())
        case _: .tokenServerError(status: 503, count: 1)
        }
    }

    private mutating func hang() -> Int { self.number(in: Self.hangMilliseconds) }
    private mutating func coin() -> Bool { self.number(in: 0...1) == 0 }
    private mutating func number(in range: ClosedRange<Int>) -> Int { .random(in: range, using: &self.random) }
}

// MARK: - Channels

extension ChaosPlan {
    /// What comes meanwhile is dropped, and then the socket goes on. A few pings long: between two of them nobody could notice.
    private static let silenceMilliseconds = 3_000...6_000
    /// From the warning to the close.
    private static let closingLeadMilliseconds = 1_500...6_000

    private mutating func channelOrders(_ kind: ChannelFaultKind) -> [ChaosStep.Order] {
        let trouble: [ChaosStep.Order] =
            switch kind {
            case .connectRefused, .connectHang: [.channelFault(.channelReset, .all)]
            case .subscriptionRejected, .restRateLimited: [.channelFault(.channelDeleted, .all)]
            case .channelClosed, .channelReset, .socketClosing, .channelSilent, .tokenRevoked, .channelDeleted,
                .channelEvicted, .subscriptionResult, .unknownSystemEvent, .malformedMessage, .binaryMessage,
                .hugeMessage:
                []
            }
        // A rollover has two sockets.
        return [.channelFault(self.channelFault(kind), self.coin() ? .all : .one)] + trouble
    }

    private mutating func channelFault(_ kind: ChannelFaultKind) -> ChannelFault {
        switch kind {
        case .channelClosed: .channelClosed(code: [1000, 1001, 1011, 4000][self.number(in: 0...3)])
        case .channelReset: .channelReset
        case .socketClosing:
            .socketClosing(
                leadMilliseconds: self.number(in: Self.closingLeadMilliseconds),
                warns: self.number(in: 1...4) > 1
            )
        case .channelSilent:
            .channelSilent(durationMilliseconds: self.coin() ? nil : self.number(in: Self.silenceMilliseconds))
        case .tokenRevoked: .tokenRevoked
        case .channelDeleted: .channelDeleted
        case .channelEvicted: .channelEvicted
        case .subscriptionResult: .subscriptionResult
        case .unknownSystemEvent: .unknownSystemEvent
        case .malformedMessage: .malformedMessage
        case .binaryMessage: .binaryMessage
        case .hugeMessage: .hugeMessage(bytes: Self.oversizedByteCount)
        case .subscriptionRejected: .subscriptionRejected(topic: nil, count: 1)
        case .connectRefused: .connectRefused(status: [401, 404, 429, 503][self.number(in: 0...3)], count: 1)
        case .connectHang: .connectHang(count: 1, durationMilliseconds: self.coin() ? nil : self.hang())
        // Without it the rest of the server's window would be waited for, up to a minute.
        case .restRateLimited: .restRateLimited(count: 1, retryAfterSeconds: self.number(in: 1...2))
        }
    }

    private func requestsAnew(_ kind: FaultKind) -> [ChaosStep.Order] {
        switch kind {
        case .restServerError, .restHang: [.channelFault(.channelDeleted, .all)]
        case _: [.channelFault(.tokenRevoked, .all)]
        }
    }
}
