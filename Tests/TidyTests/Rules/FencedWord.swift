/// A construct that may stand behind a fence only.
struct FencedWord {
    var name: String
    /// Paths below `Sources`.
    var allowed: [String]
    var instead: String
    /// The words that make it.
    var words: [String]

    static let home = "Tests/TidyTests/Rules/FencedWord.swift"

    /// Strict memory safety has the compiler ask for `unsafe` wherever memory safety rests on us: so the word finds all of it.
    static let all: [FencedWord] = [
        FencedWord(
            name: "unsafe",
            allowed: [
                "RDKafka/Interop/",
                // A message's bytes live at one address, which librdkafka and the scanner read.
                "BridgeCore/Vocabulary/MessageBytes.swift",
                // The document that is compiled in lies where C says.
                "EventSchemas/EmbeddedDocument.swift",
                // The C library's file calls, which take paths and bytes.
                "BridgeRuntime/Checkpoint/DurableFile.swift",
                "BridgeRuntime/Spool/SegmentFile.swift",
                // The hot loop over a message's bytes.
                "GenesysCloud/Stream/JSONScanner.swift",
                // zlib.
                "WebSocketClient/Frames/Deflate/Inflater.swift",
            ],
            instead: "use spans, arrays and the wrappers of these files, or move the code behind the fence",
            words: ["unsafe", "@unsafe"]
        ),
        FencedWord(
            name: "@unchecked Sendable",
            allowed: ["RDKafka/Interop/", "BridgeCore/Vocabulary/MessageBytes.swift"],
            instead: "a Locked, an actor, or a value",
            words: ["@unchecked"]
        ),
        FencedWord(
            name: "Mutex",
            allowed: ["Locking/Locked.swift"],
            instead: "a Locked: in an async function of an optimised build Mutex may end the process",
            words: ["Mutex"]
        ),
    ]

    func violations(in file: SourceFile) -> [Violation] {
        guard !self.allowed.contains(where: { AllowList.covers("Sources/\($0)", file.path) }) else { return [] }
        return file.indices(of: self.words).map { index in
            Violation(
                path: file.path,
                line: file.tokens[index].line,
                rule: "`\(self.name)` stands behind the fence only (\(self.allowed.joined(separator: ", ")))",
                instead: self.instead
            )
        }
    }
}
