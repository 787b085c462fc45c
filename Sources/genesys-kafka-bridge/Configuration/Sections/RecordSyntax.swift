import BridgeCore

/// How the values of `records` are written.
enum RecordSyntax {
    static let topic = ValueSyntax<TopicTemplate>(
        noun: "a template",
        range: "a-z A-Z 0-9 . _ -, {tenant}, {family}",
        kinds: [.string]
    ) { text throws(ValueProblem) in
        guard !text.isEmpty else { throw ValueProblem(problem: "is empty") }
        guard text.utf8.count <= TopicTemplate.maximumNameBytes else {
            throw ValueProblem(problem: "is longer than \(TopicTemplate.maximumNameBytes) bytes")
        }
        return try TopicTemplate(text)
    } format: {
        $0.description
    }

    private static let pointerBytesMax = 256

    static let key = ValueSyntax<RecordKey>(
        noun: "a key",
        range: "entity, none, or a JSON pointer such as /eventBody/conversationId",
        kinds: [.string]
    ) { text throws(ValueProblem) in
        switch text {
        case "entity": return .entity
        case "none": return .none
        default: return .pointer(try Self.pointer(text))
        }
    } format: { key in
        switch key {
        case .entity: "entity"
        case .none: "none"
        case .pointer(let pointer): pointer.description
        }
    }

    static func pointer(_ text: String) throws(ValueProblem) -> JSONPointer {
        guard text.hasPrefix("/") else { throw ValueProblem(problem: "is no kind of key") }
        guard text.utf8.count <= Self.pointerBytesMax else {
            throw ValueProblem(problem: "is longer than \(Self.pointerBytesMax) bytes")
        }
        guard let pointer = JSONPointer(text) else {
            throw ValueProblem(
                problem: "is no JSON pointer",
                remedy:
                    "write ~0 for a tilde and ~1 for a slash in a name, and \(JSONPointer.stepCountMax) names at most"
            )
        }
        guard pointer.steps.allSatisfy({ !$0.name.isEmpty }) else {
            throw ValueProblem(
                problem: "has an empty name",
                remedy: "write one slash before each name, and none behind"
            )
        }
        return pointer
    }
}
