// swift-tools-version: 6.2
import PackageDescription

// A package of its own: only what is fuzzed, and only the dependencies that this needs, so that it is built in a minute or two.
// `Tests/fuzz` puts it beside links to `Sources` and `Tests`; it cannot be built where it lies.

/// Instrumented for libFuzzer, and checked by AddressSanitizer: a few files read memory by pointers.
let instrumented: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .unsafeFlags(["-sanitize=fuzzer,address", "-enable-testing"]),
]

let package = Package(
    name: "fuzz",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        .systemLibrary(name: "CZlib", path: "Sources/CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CLibFuzzer", path: "Tests/Fuzz/CLibFuzzer"),
        // Stands in for swift-crypto, which takes longer to build than all the rest.
        .target(name: "Crypto", path: "Tests/Fuzz/Crypto"),

        .target(
            name: "BridgeCore",
            dependencies: [.product(name: "DequeModule", package: "swift-collections")],
            path: "Sources/BridgeCore",
            swiftSettings: instrumented
        ),
        .target(
            name: "WebSocketClient",
            dependencies: ["CZlib", "Crypto", .product(name: "NIOCore", package: "swift-nio")],
            path: "Sources/WebSocketClient",
            exclude: ["Connect/TLSFailure.swift"],
            sources: [
                "Frames", "Connection/UnreadableWebSocketMessage.swift", "Connection/WebSocketCloseCode.swift",
                "Connection/WebSocketMessage.swift", "Connect/DeflateOffer.swift", "Connect/HTTPGrammar.swift",
                "Connect/HTTPHeadReader.swift", "Connect/HTTPLineReader.swift", "Connect/Proxy/HTTPProxy.swift",
                "Connect/Proxy/IPAddress.swift", "Connect/Proxy/NoProxyList.swift",
                "Connect/UpgradeResponseHead.swift", "Connect/UpgradeResponseParser.swift",
                "Connect/WebSocketCompression.swift", "Connect/WebSocketConnectError.swift",
                "Connect/WebSocketConnectStage.swift", "Connect/WebSocketHeader.swift",
                "Connect/WebSocketRejection.swift",
                "Connect/WebSocketTarget.swift",
            ],
            swiftSettings: instrumented
        ),
        .target(
            name: "GenesysCloud",
            dependencies: ["BridgeCore", "Crypto"],
            path: "Sources/GenesysCloud",
            exclude: ["Tokens"],
            sources: [
                "Endpoint.swift", "HTTPDate.swift", "JSONFields.swift", "PercentEncoding.swift", "RetryAfter.swift",
                "Channels/CombinedTopic+Known.swift", "Channels/IDPlace.swift", "Channels/TopicName.swift",
                "Channels/TopicParser.swift", "Channels/TopicTemplates.swift", "Privacy",
                "Stream/BatchCut.swift", "Stream/BatchPiece.swift", "Stream/BatchSplitter.swift",
                "Stream/DateTime.swift", "Stream/DerivedIDs.swift", "Stream/JSONFieldName.swift",
                "Stream/JSONNesting.swift", "Stream/JSONScanner+Pointer.swift", "Stream/JSONScanner+Strings.swift",
                "Stream/JSONScanner+Values.swift",
                "Stream/JSONScanner.swift", "Stream/JSONStringToken.swift", "Stream/JSONText.swift",
                "Stream/MessageDefect.swift", "Stream/MessageScan.swift", "Stream/NotificationEvent+Tail.swift",
                "Stream/RangeMove.swift",
            ],
            swiftSettings: instrumented
        ),
        .target(
            name: "Configuration",
            dependencies: [
                "BridgeCore", "GenesysCloud", "WebSocketClient",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Yams", package: "Yams"),
            ],
            path: "Sources/genesys-kafka-bridge",
            sources: ["Configuration"],
            swiftSettings: instrumented
        ),
        .executableTarget(
            name: "Fuzz",
            dependencies: [
                "BridgeCore", "CLibFuzzer", "Configuration", "GenesysCloud", "WebSocketClient",
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            path: "Tests",
            sources: [
                "Fuzz/Targets", "GenesysCloudTests/Stream/ReferenceBatch.swift",
                "GenesysCloudTests/Stream/ReferenceDateTime.swift", "GenesysCloudTests/Stream/ReferenceParser.swift",
                "GenesysCloudTests/Stream/ReferenceValue.swift",
            ],
            swiftSettings: instrumented,
            linkerSettings: [.unsafeFlags(["-sanitize=fuzzer,address", "-use-ld=lld"])]
        ),
    ]
)
