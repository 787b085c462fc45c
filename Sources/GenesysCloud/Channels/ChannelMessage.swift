import BridgeCore

/// What one pass over a text message of a channel finds (section 4 of the dialect).
///
/// Of a name that stands twice the last one counts, and a field of the wrong type counts as absent, as in the other dialect.
struct ChannelMessage {
    /// What the message is.
    enum Kind: Hashable {
        /// An event of this topic.
        case event(topic: JSONStringToken)
        case control(ChannelControl)
    }

    /// Where the event's own time stands.
    enum Time: Hashable {
        /// An RFC 3339 time, or an interval that begins with one.
        case text(JSONStringToken)
        /// Milliseconds since 1970.
        case number(Range<Int>)
    }

    private static let metadataTopic = Array("channel.metadata".utf8)
    private static let controlPrefixes = [Array("v2.system.".utf8), Array("channel.".utf8)]
    private static let socketClosing = Array("v2.system.socket_closing".utf8)
    private static let noLongerSubscribed = Array("v2.system.no_longer_subscribed".utf8)
    private static let tokenRevoked = Array("v2.system.token_revoked".utf8)

    private(set) var kind = Kind.control(.unknown)
    /// `eventBody`; empty where there is none.
    private(set) var body = 0..<0
    private(set) var time: Time?

    private var topic: JSONStringToken?
    private var message: JSONStringToken?
    private var reason: JSONStringToken?
    private var result: Range<Int>?
    /// Which of the fields `time` is from: a lower number is the better one.
    private var timeRank = Int.max

    /// Reads `text`.
    init(_ text: Span<UInt8>) throws(MessageDefect) {
        // What is decoded is never longer than its message: half of what a `ByteRange` can name is enough for both.
        guard text.count <= Int(UInt32.max / 2) else { throw MessageDefect(.tooLarge, at: 0) }
        try JSONScanner.scanning(text) { (scanner) throws(MessageDefect) in
            try scanner.message { (scanner, name) throws(MessageDefect) in try self.scanMember(name, &scanner) }
            self.kind = try self.classify(scanner)
        }
    }

    @inline(__always)
    private mutating func scanMember(
        _ name: JSONStringToken,
        _ scanner: inout JSONScanner
    ) throws(MessageDefect) {
        switch scanner.fieldName(name) {
        case .topicName: self.topic = try Self.string(&scanner, depth: 1)
        case .eventBody: try self.scanBody(&scanner)
        case .result:
            let start = scanner.index
            try scanner.skipValue(depth: 1)
            self.result = start..<scanner.index
        default: try scanner.skipValue(depth: 1)
        }
    }

    private mutating func scanBody(_ scanner: inout JSONScanner) throws(MessageDefect) {
        let start = scanner.index
        self.message = nil
        self.reason = nil
        self.time = nil
        self.timeRank = .max
        defer { self.body = start..<scanner.index }
        guard scanner.byte == UInt8(ascii: "{") else { return try scanner.skipValue(depth: 1) }
        guard try scanner.openContainer(closedBy: UInt8(ascii: "}"), depth: 2) else { return }
        repeat {
            let name = try scanner.name()
            switch scanner.fieldName(name) {
            case .message: self.message = try Self.string(&scanner, depth: 2)
            case .reason: self.reason = try Self.string(&scanner, depth: 2)
            case .eventTime: try self.scanTime(&scanner, rank: 0)
            case .timestamp: try self.scanTime(&scanner, rank: 1)
            case .modifiedDate: try self.scanTime(&scanner, rank: 2)
            case .dateModified: try self.scanTime(&scanner, rank: 3)
            case .modifyDate: try self.scanTime(&scanner, rank: 4)
            case .metricDate: try self.scanTime(&scanner, rank: 5)
            case .interval: try self.scanTime(&scanner, rank: 6)
            default: try scanner.skipValue(depth: 2)
            }
        } while try scanner.nextElement(closedBy: UInt8(ascii: "}"))
    }

    /// A string's content; nil where the value is another one, or empty.
    private static func string(_ scanner: inout JSONScanner, depth: Int) throws(MessageDefect) -> JSONStringToken? {
        guard scanner.byte == UInt8(ascii: "\"") else {
            try scanner.skipValue(depth: depth)
            return nil
        }
        let token = try scanner.string()
        return token.count > 0 ? token : nil
    }

    private mutating func scanTime(_ scanner: inout JSONScanner, rank: Int) throws(MessageDefect) {
        let found: Time?
        switch scanner.byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"):
            let start = scanner.index
            try scanner.number()
            found = .number(start..<scanner.index)
        default:
            found = try Self.string(&scanner, depth: 2).map { .text($0) }
        }
        guard let found, rank <= self.timeRank else { return }
        self.time = found
        self.timeRank = rank
    }

    // MARK: What it is

    private func classify(_ scanner: JSONScanner) throws(MessageDefect) -> Kind {
        guard let topic = self.topic else {
            guard let result = self.result else { throw MessageDefect(.notANotification, at: 0) }
            return .control(Self.control(result, scanner))
        }
        guard Self.controlPrefixes.contains(where: { Self.hasPrefix(scanner, topic, $0) }) else {
            return .event(topic: topic)
        }
        if Self.hasPrefix(scanner, topic, Self.metadataTopic) { return .control(self.metadata(scanner)) }
        if Self.hasPrefix(scanner, topic, Self.socketClosing) { return .control(.socketClosing) }
        if Self.hasPrefix(scanner, topic, Self.tokenRevoked) { return .control(.tokenRevoked) }
        if Self.hasPrefix(scanner, topic, Self.noLongerSubscribed) {
            let why = (self.reason ?? self.message).map(scanner.text) ?? ""
            return .control(.noLongerSubscribed(reason: PeerText.shown(why)))
        }
        return .control(.unknown)
    }

    private func metadata(_ scanner: JSONScanner) -> ChannelControl {
        switch self.message.map(scanner.text)?.lowercased() {
        case "pong": .pong
        case let text? where text.contains("heartbeat"): .heartbeat
        case .some, nil: .unknown
        }
    }

    private static func control(_ result: Range<Int>, _ scanner: JSONScanner) -> ChannelControl {
        let digits = result.map(scanner.byte(at:)).filter { $0 != UInt8(ascii: "\"") }
        switch String(decoding: digits, as: UTF8.self) {
        case "200": return .subscribed
        case "404": return .channelGone
        default: return .unknown
        }
    }

    private static func hasPrefix(_ scanner: JSONScanner, _ token: JSONStringToken, _ prefix: [UInt8]) -> Bool {
        guard !token.hasEscapes else { return scanner.text(token).utf8.starts(with: prefix) }
        guard token.count >= prefix.count else { return false }
        for offset in prefix.indices where scanner.byte(at: token.start + offset) != prefix[offset] { return false }
        return true
    }
}
