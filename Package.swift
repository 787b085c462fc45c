// swift-tools-version: 6.2
import PackageDescription

// One list for every target: Swift 6 language mode, warnings are errors, unsafe code is visible.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .strictMemorySafety(),
    .enableUpcomingFeature("ExistentialAny"),  // SE-0335
    .enableUpcomingFeature("InternalImportsByDefault"),  // SE-0409: a module's imports are its own business
    .enableUpcomingFeature("MemberImportVisibility"),  // SE-0444
]

/// Tests may use Foundation and raw sockets freely: the unsafe fence is for what ships.
let testSettings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
    name: "genesys-kafka-bridge",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "genesys-kafka-bridge", targets: ["genesys-kafka-bridge"]),
        .library(name: "WebSocketClient", targets: ["WebSocketClient"]),
        .library(name: "RDKafka", targets: ["RDKafka"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.0.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // The pure house: values, ports and state machines. No I/O, no clock, no randomness, no logging.
        .target(
            name: "BridgeCore",
            dependencies: [.product(name: "DequeModule", package: "swift-collections")],
            swiftSettings: settings
        ),

        // The one lock that every module uses, and why it is not the standard library's.
        .target(name: "Locking", swiftSettings: settings),

        // Drivers: actors and services that carry out what the machines decide. Knows only the core's ports.
        .target(
            name: "BridgeRuntime",
            dependencies: [
                "BridgeCore", "Locking",
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings
        ),

        // RFC 6455 over SwiftNIO. Knows nothing of Genesys.
        .target(
            name: "WebSocketClient",
            dependencies: [
                "CZlib", "Locking",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOTLS", package: "swift-nio"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
            ],
            swiftSettings: settings
        ),

        // The upstream: token service and the stream dialect.
        .target(
            name: "GenesysCloud",
            dependencies: [
                "BridgeCore", "Locking", "WebSocketClient",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            swiftSettings: settings
        ),

        // Decompression for the WebSocket client.
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),

        // librdkafka. The only module that knows C.
        .systemLibrary(name: "CRdKafka", pkgConfig: "rdkafka", providers: [.apt(["librdkafka-dev"])]),
        .target(name: "RDKafka", dependencies: ["CRdKafka", "Locking"], swiftSettings: settings),

        // The downstream: records over RDKafka, behind the core's ports.
        .target(
            name: "KafkaDelivery",
            dependencies: ["BridgeCore", "Locking", "RDKafka", .product(name: "Logging", package: "swift-log")],
            swiftSettings: settings
        ),

        // The field lists of Genesys' SDK, compiled in, and JSON Schemas made from them.
        .target(name: "CEventSchemas", exclude: ["NOTICE", "event-schemas.json"]),
        .target(name: "EventSchemas", dependencies: ["CEventSchemas"], swiftSettings: settings),

        // Health for operators.
        .target(
            name: "BridgeOperations",
            dependencies: [
                "BridgeCore", "Locking",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            swiftSettings: settings
        ),

        // The upstream as a server, with faults. Shares no protocol code with GenesysCloud.
        .target(
            name: "GenesysSimulator",
            dependencies: [
                "EventSchemas",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
            ],
            swiftSettings: settings
        ),

        // Subcommands, configuration, assembly.
        .executableTarget(
            name: "genesys-kafka-bridge",
            dependencies: [
                "BridgeCore", "BridgeOperations", "BridgeRuntime", "EventSchemas", "GenesysCloud", "GenesysSimulator",
                "KafkaDelivery", "Locking", "RDKafka", "WebSocketClient",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: settings
        ),

        .testTarget(name: "BridgeCoreTests", dependencies: ["BridgeCore"], swiftSettings: testSettings),
        // Simulated days of the pure machines. `Tests/simulation/run` builds them alone and optimised.
        .testTarget(
            name: "SimulationTests",
            dependencies: ["BridgeCore", "GenesysCloud", "KafkaDelivery"],
            swiftSettings: testSettings
        ),
        .testTarget(
            name: "BridgeRuntimeTests",
            dependencies: ["BridgeCore", "BridgeRuntime", .product(name: "Logging", package: "swift-log")],
            swiftSettings: testSettings
        ),
        .testTarget(
            name: "WebSocketClientTests",
            dependencies: [
                "GenesysSimulator", "WebSocketClient",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
            ],
            swiftSettings: testSettings
        ),
        .testTarget(
            name: "GenesysCloudTests",
            dependencies: [
                "BridgeCore", "GenesysCloud", "WebSocketClient",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            resources: [.copy("Channels/Data")],
            swiftSettings: testSettings
        ),
        .testTarget(name: "RDKafkaTests", dependencies: ["RDKafka"], swiftSettings: testSettings),
        .testTarget(
            name: "KafkaDeliveryTests",
            dependencies: [
                "BridgeCore", "KafkaDelivery", "Locking", "RDKafka", .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: testSettings
        ),
        .testTarget(
            name: "BridgeOperationsTests",
            dependencies: [
                "BridgeCore", "BridgeOperations",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            swiftSettings: testSettings
        ),
        .testTarget(
            name: "GenesysSimulatorTests",
            dependencies: [
                "GenesysSimulator",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            swiftSettings: testSettings
        ),
        .testTarget(
            name: "CommandTests",
            dependencies: [
                "BridgeCore", "BridgeOperations", "BridgeRuntime", "GenesysCloud", "GenesysSimulator", "RDKafka",
                "WebSocketClient", "genesys-kafka-bridge",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            swiftSettings: testSettings
        ),
        // Real processes, killed with SIGKILL. Runs the built executable.
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "BridgeCore", "BridgeOperations", "GenesysSimulator", "RDKafka", "genesys-kafka-bridge",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: testSettings
        ),
        // The house rules as tests: module walls, file sizes, the unsafe fence, the data-path table.
        .testTarget(name: "TidyTests", swiftSettings: testSettings),
    ]
)
