/// An answer of the REST API that lists entities: `{"entities":[{…},…], …}`. Unknown members are passed over.
struct EntityListing {
    /// The strings and numbers beside the list.
    let fields: JSONFields
    /// The strings and numbers of each entity, in order.
    let entities: [JSONFields]

    /// Reads `body`; a reason, safe to print, where it is no such answer.
    static func read(_ body: [UInt8]) -> Result<EntityListing, RESTFailure> {
        do throws(MessageDefect) {
            let listing = try JSONScanner.scanning(body.span) { (scanner) throws(MessageDefect) in
                try Self.scan(&scanner)
            }
            guard let listing else { return .failure(RESTFailure(unreadable: body, "the answer lists no entities")) }
            return .success(listing)
        } catch {
            return .failure(RESTFailure(unreadable: body, "the answer is not what was asked for: \(error)"))
        }
    }

    private static func scan(_ scanner: inout JSONScanner) throws(MessageDefect) -> EntityListing? {
        var fields = JSONFields()
        var entities: [JSONFields]?
        scanner.skipSpace()
        guard scanner.byte == UInt8(ascii: "{") else { throw scanner.defect(.notAnObject) }
        if try scanner.openContainer(closedBy: UInt8(ascii: "}"), depth: 1) {
            repeat {
                let name = scanner.text(try scanner.name())
                if name == "entities", scanner.byte == UInt8(ascii: "[") {
                    entities = try Self.objects(&scanner)
                } else {
                    fields[name] = try JSONFields.value(&scanner, depth: 1)
                }
            } while try scanner.nextElement(closedBy: UInt8(ascii: "}"))
        }
        try scanner.end()
        return entities.map { EntityListing(fields: fields, entities: $0) }
    }

    private static func objects(_ scanner: inout JSONScanner) throws(MessageDefect) -> [JSONFields] {
        var objects: [JSONFields] = []
        guard try scanner.openContainer(closedBy: UInt8(ascii: "]"), depth: 2) else { return objects }
        repeat {
            guard scanner.byte == UInt8(ascii: "{") else { throw scanner.defect(.notAnObject) }
            objects.append(try JSONFields(&scanner, depth: 3))
        } while try scanner.nextElement(closedBy: UInt8(ascii: "]"))
        return objects
    }
}
