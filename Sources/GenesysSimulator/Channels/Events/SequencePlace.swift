/// Where a body of a class carries its sequence number: the text field that tells least.
struct SequencePlace: Sendable, Equatable {
    /// The names from the body to the field; a list is entered at its first element.
    let path: [String]

    /// Fields that may hold any text.
    private static let free = [
        "correlationId", "contextId", "externalTag", "message", "notes", "description", "comment", "text", "subject",
        "title", "name",
    ]
    private static let depthMax = 4

    private struct Candidate {
        let rank: Int
        let path: [String]
    }

    /// Nil where no field of the class holds text.
    init?(bodyClass: Int, schemas: SchemaTable) {
        var best: Candidate?
        var seen: Set = [bodyClass]
        var level: [(number: Int, path: [String])] = [(bodyClass, [])]
        for _ in 0..<Self.depthMax {
            var next: [(number: Int, path: [String])] = []
            for (number, path) in level {
                for field in schemas.classes[number] {
                    let path = path + [field.name]
                    if let rank = Self.rank(field), rank < best?.rank ?? .max {
                        best = Candidate(rank: rank, path: path)
                    }
                    if let inner = Self.inner(field.type), seen.insert(inner).inserted { next.append((inner, path)) }
                }
            }
            // A field that may hold any text is good enough: deeper ones are better in no way.
            if let best, best.rank < Self.free.count { break }
            level = next
        }
        guard let best else { return nil }
        self.path = best.path
    }

    /// The class of the objects in a field; nil where there are none.
    private static func inner(_ type: SchemaTable.FieldType) -> Int? {
        switch type {
        case .object(let number), .list(.object(let number)): number
        case .text, .whole, .number, .truth, .time, .anything, .values, .list, .map: nil
        }
    }

    private static func rank(_ field: SchemaTable.Field) -> Int? {
        switch field.type {
        case .text:
            if let free = Self.free.firstIndex(of: field.name) { return free }
            let isReference = field.name == "id" || field.name.hasSuffix("Id") || field.name.hasSuffix("Uri")
            return Self.free.count + (isReference ? 2 : 0)
        case .map(.text): return Self.free.count + 1
        case .list(.text): return Self.free.count + 3
        case .whole, .number, .truth, .time, .anything, .values, .object, .list, .map: return nil
        }
    }
}
