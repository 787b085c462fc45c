extension BannedCall {
    static let all: [BannedCall] =
        Self.time + Self.tasks + Self.traps + [
            BannedCall(
                name: "random() without `using:`",
                scope: ["Sources/BridgeCore/"],
                reason: "a machine that draws its own numbers cannot be replayed",
                instead: "take the generator as a parameter and pass it with `using:`",
                words: ["random", "SystemRandomNumberGenerator"]
            ) { tokens, index in
                guard tokens[index].isWord("random") else { return true }
                return TokenPattern.matches(tokens, index - 1, [".", "random", "("])
                    && !TokenPattern.arguments(tokens, index).contains { $0.isWord("using") }
            },
            BannedCall(
                name: "print",
                reason: "standard output is for programs, and lines must not interleave",
                instead: "log it, or write it with StandardStream",
                words: ["print", "debugPrint", "dump"],
                isCall: TokenPattern.isFreeCall
            ),
            BannedCall(
                name: "bind to a fixed port",
                scope: ["Tests/"],
                reason: "two runs on one machine would meet",
                instead: "bind port 0 and ask which one the kernel chose",
                words: ["bind"]
            ) { tokens, index in
                let arguments = TokenPattern.arguments(tokens, index)
                return arguments.indices.contains { place in
                    TokenPattern.matches(arguments, place, ["port", ":"]) && place + 2 < arguments.count
                        && arguments[place + 2].kind == .number && arguments[place + 2].text != "0"
                }
            },
        ]

    private static let time: [BannedCall] = [
        BannedCall(
            name: "Date()",
            allowed: [
                "Sources/BridgeRuntime/Telemetry/WallClock.swift",  // the place that reads the wall clock
                "Sources/GenesysSimulator/Control/WallTime.swift",  // that of a server of its own
                "Sources/WebSocketClient/Connect/TLSFailure.swift",  // whether a certificate has expired
                "Sources/genesys-kafka-bridge/Logging/BridgeLogHandler.swift",  // when a line was logged
            ],
            reason: "who reads a clock cannot be tested with another",
            instead: "take the time as a parameter, or from the BridgeClock",
            words: ["Date"]
        ) { tokens, index in
            TokenPattern.matches(tokens, index + 1, ["(", ")"])
                || TokenPattern.matches(tokens, index + 1, [".", "now"])
        },
        BannedCall(
            name: "the clock's .now",
            allowed: [
                "Sources/BridgeRuntime/Telemetry/SystemClock.swift",  // the place that reads the monotonic clock
                "Sources/RDKafka/Consumer/KafkaConsumer.swift",  // deadline of one blocking call
                // A server of its own, whose event loop has a clock of its own.
                "Sources/GenesysSimulator/GenesysSimulator.swift",
                "Sources/GenesysSimulator/Control/SimulatedCloud.swift",
                "Sources/GenesysSimulator/Handshake/RequestHandler.swift",
                "Sources/GenesysSimulator/Stream/StreamHandler.swift",
            ],
            reason: "who reads a clock cannot be tested with another",
            instead: "take `now` as a parameter, or ask the BridgeClock",
            words: ["now"]
        ) { tokens, index in
            let clocks = ["ContinuousClock", "SuspendingClock", "NIODeadline", "DispatchTime", "DispatchWallTime"]
            return TokenPattern.isImplicitMember(tokens, index)
                || clocks.contains { clock in
                    TokenPattern.matches(tokens, index - 2, [clock, "."])
                        || TokenPattern.matches(tokens, index - 4, [clock, "(", ")", "."])
                }
        },
        BannedCall(
            name: "a blocking sleep",
            scope: ["Sources/", "Tests/"],
            reason: "it holds a thread, and time is no fact",
            instead: "wait for the fact: a signal, a line, an answer",
            words: ["sleep", "usleep", "nanosleep"]
        ) { tokens, index in
            TokenPattern.matches(tokens, index - 2, ["Thread", "."]) || TokenPattern.isFreeCall(tokens, index)
        },
        BannedCall(
            name: "Task.sleep",
            allowed: [
                "Sources/genesys-kafka-bridge/Bench/",  // paces and measures
                "Sources/genesys-kafka-bridge/Demo/",  // draws a frame
                "Sources/genesys-kafka-bridge/Chaos/",  // plans faults
                "Sources/genesys-kafka-bridge/Soak/",  // takes a sample a second
                "Sources/GenesysCloud/Tokens/TokenClock.swift",  // how its services wait, unless they are given another
            ],
            reason: "a sleeping poll reacts late and wakes for nothing",
            instead: "wait for a signal, or until a deadline of the BridgeClock",
            words: ["sleep"]
        ) { tokens, index in
            TokenPattern.matches(tokens, index - 2, ["Task", "."])
        },
    ]

    private static let tasks: [BannedCall] = [
        BannedCall(
            name: "Task { }",
            reason: "a task that nobody waits for outlives what it works for",
            instead: "a task group of whoever runs",
            words: ["Task"]
        ) { tokens, index in
            guard TokenPattern.isFree(tokens, index), index + 1 < tokens.count else { return false }
            var next = index + 1
            if tokens[next].isMark("<") { next = FunctionBody.closing(tokens, next) + 1 }
            return TokenPattern.matches(tokens, next, ["{"]) || TokenPattern.matches(tokens, next, ["("])
                || ["detached", "immediate", "init"].contains { TokenPattern.matches(tokens, next, [".", $0]) }
        }
    ]

    private static let traps: [BannedCall] = [
        BannedCall(
            name: "try!",
            reason: "what can throw will, at night",
            instead: "handle the error, or let it pass",
            words: ["try"]
        ) { tokens, index in
            TokenPattern.matches(tokens, index + 1, ["!"]) && tokens[index + 1].isAttached
        },
        BannedCall(
            name: "as!",
            reason: "a wrong type from outside would end the process",
            instead: "`as?`, and say what happens otherwise",
            words: ["as"]
        ) { tokens, index in
            TokenPattern.matches(tokens, index + 1, ["!"]) && tokens[index + 1].isAttached
        },
        BannedCall(
            name: "fatalError",
            reason: "one stream's trouble must not end the others",
            instead: "throw, park the stream, or name the broken invariant with `precondition`",
            words: ["fatalError"],
            isCall: TokenPattern.isFreeCall
        ),
    ]
}
