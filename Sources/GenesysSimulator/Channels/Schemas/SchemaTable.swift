internal import EventSchemas

/// The fields of every event body of the public notification service, and their types; made from the schemas that are compiled in.
struct SchemaTable: Sendable {
    /// What a field holds.
    indirect enum FieldType: Sendable, Equatable {
        case text
        case whole
        case number
        case truth
        /// ISO 8601 in UTC.
        case time
        case anything
        /// One of the values of this number.
        case values(Int)
        /// An object of the class of this number.
        case object(Int)
        case list(FieldType)
        case map(FieldType)
    }

    /// One field of a class.
    struct Field: Sendable, Equatable {
        let name: String
        let type: FieldType
    }

    /// Read when it is asked for first: a simulator without channels does not need it.
    static let shared = SchemaTable()

    /// Every topic of the service.
    let topics: [TopicTemplate]
    /// By number.
    private(set) var classes: [[Field]] = []
    /// By number.
    private(set) var values: [[String]] = []

    private init() {
        let catalog: SchemaCatalog
        do {
            catalog = try SchemaCatalog()
        } catch {
            // Part of this program, and not of the world.
            preconditionFailure(error.description)
        }
        var names: [String] = []
        var numbers: [String: Int] = [:]
        func number(of name: String) -> Int {
            if let number = numbers[name] { return number }
            numbers[name] = names.count
            names.append(name)
            return names.count - 1
        }
        self.topics = catalog.topics.map { topic in
            TopicTemplate(text: topic.template, bodyClass: number(of: topic.bodyClass))
        }
        var valueNumbers: [[String]: Int] = [:]
        // Those that the fields lead to come behind those that are known.
        while self.classes.count < names.count {
            let fields = catalog.fields(ofClass: names[self.classes.count]) ?? []
            let described = fields.map { field in
                var values: Int?
                if !field.knownValues.isEmpty {
                    values = valueNumbers[field.knownValues] ?? valueNumbers.count
                    valueNumbers[field.knownValues] = values
                }
                return Field(name: field.name, type: Self.type(field.type, values: values, classNumber: number))
            }
            self.classes.append(described)
        }
        self.values = valueNumbers.sorted { $0.value < $1.value }.map(\.key)
    }

    private static func type(
        _ type: EventSchemas.FieldType,
        values: Int?,
        classNumber: (String) -> Int
    ) -> FieldType {
        switch type {
        case .string: values.map(FieldType.values) ?? .text
        case .dateTime: .time
        case .integer: .whole
        case .number: .number
        case .boolean: .truth
        case .any: .anything
        case .list(let element): .list(Self.type(element, values: values, classNumber: classNumber))
        case .map(let element): .map(Self.type(element, values: values, classNumber: classNumber))
        case .named(let name): .object(classNumber(name))
        }
    }
}
