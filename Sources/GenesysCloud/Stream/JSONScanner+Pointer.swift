import BridgeCore

extension JSONScanner {
    /// Steps over one value, from its first byte, and finds in it what is at the end of `steps`, behind the first `taken` of them.
    ///
    /// That is the content of a string, or a number. Nil where there is nothing, an empty string, or a value of another kind. Of a name that stands twice the last one counts, as
    /// everywhere in this dialect.
    mutating func find(_ steps: [JSONPointer.Step], taken: Int = 0) throws(MessageDefect) -> JSONStringToken? {
        guard taken < steps.count else { return try self.pointedValue(depth: taken) }
        switch self.byte {
        case UInt8(ascii: "{"): return try self.findMember(steps, taken: taken)
        case UInt8(ascii: "["): return try self.findElement(steps, taken: taken)
        default:
            try self.skipValue(depth: taken)
            return nil
        }
    }

    private mutating func findMember(
        _ steps: [JSONPointer.Step],
        taken: Int
    ) throws(MessageDefect) -> JSONStringToken? {
        var found: JSONStringToken?
        guard try self.openContainer(closedBy: UInt8(ascii: "}"), depth: taken + 1) else { return nil }
        repeat {
            let name = try self.name()
            if self.isEqual(name, steps[taken].name) {
                found = try self.find(steps, taken: taken + 1)
            } else {
                try self.skipValue(depth: taken + 1)
            }
        } while try self.nextElement(closedBy: UInt8(ascii: "}"))
        return found
    }

    private mutating func findElement(
        _ steps: [JSONPointer.Step],
        taken: Int
    ) throws(MessageDefect) -> JSONStringToken? {
        var found: JSONStringToken?
        var index = 0
        guard try self.openContainer(closedBy: UInt8(ascii: "]"), depth: taken + 1) else { return nil }
        repeat {
            if index == steps[taken].index {
                found = try self.find(steps, taken: taken + 1)
            } else {
                try self.skipValue(depth: taken + 1)
            }
            index += 1
        } while try self.nextElement(closedBy: UInt8(ascii: "]"))
        return found
    }

    private mutating func pointedValue(depth: Int) throws(MessageDefect) -> JSONStringToken? {
        let start = self.index
        switch self.byte {
        case UInt8(ascii: "\""):
            let token = try self.string()
            return token.count > 0 ? token : nil
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            try self.number()
            return JSONStringToken(start: start, end: self.index, hasEscapes: false)
        default:
            try self.skipValue(depth: depth)
            return nil
        }
    }

    /// Whether the content of `token`, decoded, is `name`.
    func isEqual(_ token: JSONStringToken, _ name: [UInt8]) -> Bool {
        guard !token.hasEscapes else {
            var bytes: [UInt8] = []
            self.decode(token, into: &bytes)
            return bytes == name
        }
        guard token.count == name.count else { return false }
        for offset in name.indices where self.byte(at: token.start + offset) != name[offset] { return false }
        return true
    }
}
