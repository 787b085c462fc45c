/// The containers that are open around a value, one bit each: nesting costs no recursion, whatever a peer sends, and no
/// allocation up to a depth of 64.
struct JSONNesting {
    /// How many containers are open.
    private(set) var depth = 0
    /// The innermost containers, the last one in the lowest bit: set where it is an object.
    private var word: UInt64 = 0
    /// Full words of the containers further out.
    private var outer: [UInt64] = []

    /// Whether the innermost container is an object.
    @inline(__always)
    var isObject: Bool { self.word & 1 == 1 }

    /// Opens a container.
    @inline(__always)
    mutating func open(isObject: Bool) {
        if self.depth & 63 == 0, self.depth > 0 { self.outer.append(self.word) }
        self.word = self.word << 1 | (isObject ? 1 : 0)
        self.depth += 1
    }

    /// Closes the innermost container.
    @inline(__always)
    mutating func close() {
        self.word >>= 1
        self.depth -= 1
        if self.depth & 63 == 0, let word = self.outer.popLast() { self.word = word }
    }
}
