/// What the files of one module may import.
struct ModuleWall {
    var module: String
    /// Any file of the module.
    var anywhere: Set<String>
    /// Only the named files, or the files below a named folder (`Interop/`).
    var onlyIn: [String: [String]] = [:]
    /// Why the wall stands where it stands.
    var reason: String

    private static let libc = ["Glibc", "Musl", "Darwin"]

    /// The house, from the core outwards. A module that is not here does not exist.
    static let all: [ModuleWall] = [
        ModuleWall(
            module: "BridgeCore",
            anywhere: ["DequeModule"],
            reason: "values, ports and state machines know no I/O, no clock, no locks and no logging"
        ),
        ModuleWall(
            module: "Locking",
            anywhere: ["Synchronization"],
            reason: "one lock and who waits for a signal, which every module may use, and which know none"
        ),
        ModuleWall(
            module: "BridgeRuntime",
            anywhere: ["BridgeCore", "DequeModule", "Locking", "Logging"],
            onlyIn: [
                "Foundation": [
                    "Checkpoint/CheckpointFile.swift", "Checkpoint/ChecksummedLine.swift",
                    "Checkpoint/FileCheckpointStore.swift", "Checkpoint/FileCheckpointStore+Archive.swift",
                    "Checkpoint/PlanFile.swift",
                    "Telemetry/WallClock.swift",
                ],
                "Dispatch": ["Checkpoint/FileCheckpointStore.swift", "Spool/BlockingQueue.swift"],
                "Glibc": ["Checkpoint/DurableFile.swift", "Spool/SegmentFile.swift"],
            ],
            reason: "drivers know the core's ports, and can name neither NIO nor librdkafka"
        ),
        ModuleWall(
            module: "WebSocketClient",
            anywhere: [
                "Crypto", "DequeModule", "Locking", "Logging", "NIOCore", "NIOHTTP1", "NIOPosix", "NIOSSL", "NIOTLS",
                "NIOWebSocket",
            ],
            onlyIn: Self.libc(in: ["Connect/SocketOptions.swift", "Connection/WebSocketHandler.swift"])
                .merging([
                    "CZlib": ["Frames/Deflate/Inflater.swift"],
                    "FoundationEssentials": ["Connect/TLSFailure.swift", "Connect/Proxy/TunnelRequest.swift"],
                    "Foundation": ["Connect/TLSFailure.swift", "Connect/Proxy/TunnelRequest.swift"],
                ]) { $1 },
            reason: "RFC 6455 alone: it could be published without the bridge"
        ),
        ModuleWall(
            module: "GenesysCloud",
            anywhere: [
                "AsyncHTTPClient", "BridgeCore", "Crypto", "Locking", "Logging", "NIOCore", "NIOHTTP1", "NIOSSL",
                "WebSocketClient",
            ],
            reason:
                "the upstream's dialect over the WebSocket client, behind the core's ports; it knows nothing of Kafka"
        ),
        ModuleWall(
            module: "RDKafka",
            anywhere: ["Locking", "Synchronization"],
            onlyIn: Self.libc(in: ["Interop/"]).merging(["CRdKafka": ["Interop/"]]) { $1 },
            reason: "librdkafka alone: it could be published without the bridge, and C ends at Interop"
        ),
        ModuleWall(
            module: "KafkaDelivery",
            anywhere: ["BridgeCore", "Locking", "Logging", "RDKafka", "Synchronization"],
            onlyIn: ["Foundation": ["Checkpoints/CheckpointJSON.swift"]],
            reason: "joins RDKafka to the core's ports, and does nothing else"
        ),
        ModuleWall(
            module: "BridgeOperations",
            anywhere: ["BridgeCore", "Hummingbird", "HummingbirdCore", "Locking", "Logging", "NIOCore"],
            onlyIn: ["Foundation": ["Admin/AdminServer.swift"]],
            reason: "tells how an instance is; it takes values and knows no part that makes them"
        ),
        ModuleWall(
            module: "GenesysSimulator",
            anywhere: ["Logging", "NIOCore", "NIOHTTP1", "NIOPosix", "NIOSSL", "NIOWebSocket"],
            onlyIn: Self.libc(in: ["Stream/TransportReset.swift"]).merging([
                "EventSchemas": ["Channels/Schemas/SchemaTable.swift"],
                "Foundation": [
                    "Certificates/GeneratedCertificate.swift", "Channels/REST/SubscriptionRequest.swift",
                    "Channels/Socket/ClientMessage.swift", "Control/ControlEndpoint.swift", "Control/WallTime.swift",
                    "Handshake/Subscription.swift", "Handshake/TokenEndpoint.swift",
                ],
            ]) { $1 },
            reason: "shares no protocol code with the bridge, or a mistake would agree with itself"
        ),
        ModuleWall(
            module: "EventSchemas",
            anywhere: ["Foundation"],
            onlyIn: ["CEventSchemas": ["EmbeddedDocument.swift"]],
            reason: "what events look like, for those who read or simulate them; the bridge itself does not need it"
        ),
        ModuleWall(
            module: "genesys-kafka-bridge",
            anywhere: [
                "ArgumentParser", "AsyncHTTPClient", "BridgeCore", "BridgeOperations", "BridgeRuntime", "EventSchemas",
                "Foundation",
                "GenesysCloud", "GenesysSimulator", "KafkaDelivery", "Locking", "Logging", "NIOCore", "NIOHTTP1",
                "NIOPosix", "NIOSSL", "RDKafka", "Synchronization", "UnixSignals", "WebSocketClient",
            ],
            onlyIn: ["Yams": ["Configuration/Document/"]],
            reason: "subcommands, configuration and assembly may name every module, but not C"
        ),
        ModuleWall(module: "CEventSchemas", anywhere: [], reason: "a document and where it lies, no Swift"),
        ModuleWall(module: "CRdKafka", anywhere: [], reason: "a module map and a header, no Swift"),
        ModuleWall(module: "CZlib", anywhere: [], reason: "a module map and a header, no Swift"),
    ]

    private static func libc(in files: [String]) -> [String: [String]] {
        Dictionary(uniqueKeysWithValues: Self.libc.map { ($0, files) })
    }

    /// Imports of `file`, a file of this module, that the wall does not let through.
    func violations(in file: SourceFile) -> [Violation] {
        ImportStatement.all(in: file.tokens).compactMap { statement in
            guard !self.anywhere.contains(statement.module) else { return nil }
            let places = self.onlyIn[statement.module] ?? []
            guard !places.contains(where: { AllowList.covers($0, file.pathInModule) }) else { return nil }
            let instead =
                places.isEmpty
                ? "leave it out, \(self.reason); if the wall is wrong, move it in \(ModuleWall.home)"
                : "do it in \(places.joined(separator: ", ")), the only place of \(self.module) that may"
            return Violation(
                path: file.path,
                line: statement.line,
                rule: "\(self.module) does not import \(statement.module)",
                instead: instead
            )
        }
    }

    static let home = "Tests/TidyTests/Rules/ModuleWall.swift"
}
