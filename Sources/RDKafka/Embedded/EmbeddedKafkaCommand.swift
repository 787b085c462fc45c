/// One line of orders for an embedded cluster, e.g. `down 1`, `error produce not-enough-replicas 3`.
public enum EmbeddedKafkaCommand: Hashable, Sendable {
    /// `topic NAME PARTITIONS [REPLICAS]`
    case createTopic(name: String, partitionCount: Int, replicationFactor: Int)
    /// `down BROKER|all`; `nil`: all
    case down(broker: Int?)
    /// `up BROKER|all`; `nil`: all
    case up(broker: Int?)
    /// `error REQUEST CODE [COUNT]`
    case pushErrors(api: KafkaAPI, code: KafkaErrorCode, count: Int)
    /// `clear REQUEST`
    case clearErrors(api: KafkaAPI)
    /// `topic-error NAME CODE`
    case topicError(name: String, code: KafkaErrorCode)
    /// `roundtrip BROKER|all MILLISECONDS`; `nil`: all
    case roundTrip(broker: Int?, milliseconds: Int)
    /// `leader TOPIC PARTITION BROKER|none`; `nil`: none
    case leader(topic: String, partition: Int, broker: Int?)
    /// `help`
    case help
    /// `quit`
    case quit

    /// What can be said, for a person.
    public static let helpText = """
        topic NAME PARTITIONS [REPLICAS]      create a topic
        down BROKER|all                       close connections, refuse new ones
        up BROKER|all                         take connections again
        error REQUEST CODE [COUNT]            the next COUNT (1) such requests fail
        clear REQUEST                         forget errors that were not used
        topic-error TOPIC CODE                metadata answers carry an error (none: no more)
        roundtrip BROKER|all MILLISECONDS     delay every answer
        leader TOPIC PARTITION BROKER|none    move a partition's leader
        help                                  this text
        quit                                  end

        REQUEST: \(Self.apis.map(\.name).joined(separator: " "))
        CODE: a number of the Kafka protocol (-195: connection closed), or
              \(Self.codes.map(\.name).joined(separator: " "))
        """
}

extension EmbeddedKafkaCommand {
    /// Reads one line.
    ///
    /// - Returns: `nil` for a line that is empty or a comment (`#`).
    /// - Throws: what is wrong with it, and what would be right.
    public static func parse(_ line: String) throws(EmbeddedKafkaCommandError) -> EmbeddedKafkaCommand? {
        let words = line.split(whereSeparator: \.isWhitespace).map(String.init)
        guard let verb = words.first, !verb.hasPrefix("#") else { return nil }
        var arguments = Arguments(words.dropFirst())
        let command = try Self.parse(verb, &arguments)
        try arguments.end()
        return command
    }

    private static func parse(
        _ verb: String,
        _ arguments: inout Arguments
    ) throws(EmbeddedKafkaCommandError) -> EmbeddedKafkaCommand {
        switch verb {
        case "topic":
            arguments.usage = "topic NAME PARTITIONS [REPLICAS]"
            return .createTopic(
                name: try arguments.word("NAME"),
                partitionCount: try arguments.number("PARTITIONS", 1...10_000),
                replicationFactor: try arguments.number("REPLICAS", 1...1000, default: 1)
            )
        case "down":
            arguments.usage = "down BROKER|all"
            return .down(broker: try arguments.broker(or: "all"))
        case "up":
            arguments.usage = "up BROKER|all"
            return .up(broker: try arguments.broker(or: "all"))
        case "error":
            arguments.usage = "error REQUEST CODE [COUNT]"
            return .pushErrors(
                api: try arguments.api(),
                code: try arguments.code(),
                count: try arguments.number("COUNT", 1...10_000, default: 1)
            )
        case "clear":
            arguments.usage = "clear REQUEST"
            return .clearErrors(api: try arguments.api())
        case "topic-error":
            arguments.usage = "topic-error TOPIC CODE"
            return .topicError(name: try arguments.word("TOPIC"), code: try arguments.code())
        case "roundtrip":
            arguments.usage = "roundtrip BROKER|all MILLISECONDS"
            return .roundTrip(
                broker: try arguments.broker(or: "all"),
                milliseconds: try arguments.number("MILLISECONDS", 0...3_600_000)
            )
        case "leader":
            arguments.usage = "leader TOPIC PARTITION BROKER|none"
            return .leader(
                topic: try arguments.word("TOPIC"),
                partition: try arguments.number("PARTITION", 0...9999),
                broker: try arguments.broker(or: "none")
            )
        case "help":
            arguments.usage = "help"
            return .help
        case "quit":
            arguments.usage = "quit"
            return .quit
        default:
            throw EmbeddedKafkaCommandError(
                "\"\(verb)\" is no command; there are topic, down, up, error, clear, topic-error, roundtrip, leader, "
                    + "help and quit"
            )
        }
    }
}

extension EmbeddedKafkaCommand {
    static let apis: [(name: String, api: KafkaAPI)] = [
        ("produce", .produce), ("fetch", .fetch), ("list-offsets", .listOffsets), ("metadata", .metadata),
        ("offset-commit", .offsetCommit), ("find-coordinator", .findCoordinator), ("api-versions", .apiVersions),
        ("init-producer-id", .initProducerID), ("add-partitions-to-transaction", .addPartitionsToTransaction),
        ("end-transaction", .endTransaction),
    ]

    static let codes: [(name: String, code: KafkaErrorCode)] = [
        ("none", .none), ("connection-closed", .transport), ("not-leader", .notLeader),
        ("request-timed-out", .requestTimedOut), ("message-too-large", .messageTooLarge),
        ("not-enough-replicas", .notEnoughReplicas), ("topic-authorization-failed", .topicAuthorizationFailed),
        ("out-of-order-sequence", .outOfOrderSequenceNumber), ("unknown-producer-id", .unknownProducerID),
        ("producer-fenced", .producerFenced),
    ]

    /// The words after the verb, taken one by one.
    private struct Arguments {
        var usage = ""
        private var words: ArraySlice<String>

        init(_ words: ArraySlice<String>) {
            self.words = words
        }

        mutating func word(_ name: String) throws(EmbeddedKafkaCommandError) -> String {
            guard let word = self.words.popFirst() else {
                throw EmbeddedKafkaCommandError("\(name) is missing; usage: \(self.usage)")
            }
            return word
        }

        mutating func number(
            _ name: String,
            _ range: ClosedRange<Int>,
            default: Int? = nil
        ) throws(EmbeddedKafkaCommandError) -> Int {
            if self.words.isEmpty, let `default` { return `default` }
            let word = try self.word(name)
            guard let number = Int(word), range.contains(number) else {
                throw EmbeddedKafkaCommandError(
                    "\(name) \"\(word)\" is not a number from \(range.lowerBound) to \(range.upperBound); "
                        + "usage: \(self.usage)"
                )
            }
            return number
        }

        mutating func broker(or word: String) throws(EmbeddedKafkaCommandError) -> Int? {
            if self.words.first == word {
                self.words.removeFirst()
                return nil
            }
            return try self.number("BROKER", 1...1000)
        }

        mutating func api() throws(EmbeddedKafkaCommandError) -> KafkaAPI {
            let word = try self.word("REQUEST")
            guard let api = EmbeddedKafkaCommand.apis.first(where: { $0.name == word })?.api else {
                let names = EmbeddedKafkaCommand.apis.map(\.name).joined(separator: ", ")
                throw EmbeddedKafkaCommandError("REQUEST \"\(word)\" is not one of \(names); usage: \(self.usage)")
            }
            return api
        }

        mutating func code() throws(EmbeddedKafkaCommandError) -> KafkaErrorCode {
            let word = try self.word("CODE")
            if let code = EmbeddedKafkaCommand.codes.first(where: { $0.name == word })?.code { return code }
            guard let number = Int16(word) else {
                let names = EmbeddedKafkaCommand.codes.map(\.name).joined(separator: ", ")
                throw EmbeddedKafkaCommandError(
                    "CODE \"\(word)\" is neither a number nor one of \(names); usage: \(self.usage)"
                )
            }
            return KafkaErrorCode(rawValue: Int32(number))
        }

        func end() throws(EmbeddedKafkaCommandError) {
            guard let word = self.words.first else { return }
            throw EmbeddedKafkaCommandError("\"\(word)\" is one word too many; usage: \(self.usage)")
        }
    }
}
