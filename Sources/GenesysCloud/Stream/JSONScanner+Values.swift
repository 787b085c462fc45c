extension JSONScanner {
    /// Steps over a whole message, which is one object. `member` steps over the value of each member, whose name it is given. What the
    /// grammar forbids is reported before that it is no object.
    @inline(__always)
    mutating func message(
        _ member: (inout JSONScanner, JSONStringToken) throws(MessageDefect) -> Void
    ) throws(MessageDefect) {
        self.skipSpace()
        let start = self.index
        guard self.byte == UInt8(ascii: "{") else {
            try self.skipValue(depth: 0)
            try self.end()
            throw MessageDefect(.notAnObject, at: start)
        }
        if try self.openContainer(closedBy: UInt8(ascii: "}"), depth: 1) {
            repeat {
                let name = try self.name()
                try member(&self, name)
            } while try self.nextElement(closedBy: UInt8(ascii: "}"))
        }
        try self.end()
    }

    /// Steps over one value of any kind, from its first byte; `depth` containers are open around it.
    mutating func skipValue(depth: Int) throws(MessageDefect) {
        var nesting = JSONNesting()
        repeat {
            switch self.byte {
            case UInt8(ascii: "\""):
                _ = try self.string()
            case UInt8(ascii: "{"):
                nesting.open(isObject: true)
                if try self.openContainer(closedBy: UInt8(ascii: "}"), depth: depth + nesting.depth) {
                    try self.skipName()
                    continue
                }
                nesting.close()
            case UInt8(ascii: "["):
                nesting.open(isObject: false)
                if try self.openContainer(closedBy: UInt8(ascii: "]"), depth: depth + nesting.depth) { continue }
                nesting.close()
            case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                try self.number()
            case UInt8(ascii: "t"), UInt8(ascii: "f"), UInt8(ascii: "n"):
                try self.literal()
            default:
                throw self.defect()
            }
            // A value ends here: go on to the next one, outwards over every container that ends with it.
            while nesting.depth > 0 {
                if nesting.isObject {
                    if try self.nextElement(closedBy: UInt8(ascii: "}")) {
                        try self.skipName()
                        break
                    }
                } else if try self.nextElement(closedBy: UInt8(ascii: "]")) {
                    break
                }
                nesting.close()
            }
        } while nesting.depth > 0
    }

    /// Steps over the opening bracket and the space behind it. Returns false, with the closing bracket stepped over,
    /// where the container is empty. `depth` counts the container.
    @inline(__always)
    mutating func openContainer(closedBy close: UInt8, depth: Int) throws(MessageDefect) -> Bool {
        guard depth <= Self.depthLimit else { throw self.defect(.tooDeep) }
        self.advance()
        self.skipSpace()
        guard self.byte == close else { return true }
        self.advance()
        return false
    }

    /// Behind a value in a container: steps to the next one and returns true, or over the closing bracket and returns
    /// false.
    @inline(__always)
    mutating func nextElement(closedBy close: UInt8) throws(MessageDefect) -> Bool {
        self.skipSpace()
        let byte = self.byte
        guard byte == UInt8(ascii: ",") || byte == close else { throw self.defect() }
        self.advance()
        guard byte != close else { return false }
        self.skipSpace()
        return true
    }

    /// Steps over a member's name, the colon and the space around it. Returns the name.
    @inline(__always)
    mutating func name() throws(MessageDefect) -> JSONStringToken {
        guard self.byte == UInt8(ascii: "\"") else { throw self.defect() }
        let name = try self.string()
        self.skipSpace()
        guard self.byte == UInt8(ascii: ":") else { throw self.defect() }
        self.advance()
        self.skipSpace()
        return name
    }

    @inline(__always)
    private mutating func skipName() throws(MessageDefect) {
        _ = try self.name()
    }

    /// Refuses anything but white space up to the end.
    mutating func end() throws(MessageDefect) {
        self.skipSpace()
        guard self.index == self.count else { throw MessageDefect(.trailingBytes, at: self.index) }
    }
}
