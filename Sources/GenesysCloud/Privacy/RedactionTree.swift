import BridgeCore

/// The pointers of all rules, step by step: a tree for each rule, whose root stands for the whole event.
struct RedactionTree: Sendable {
    private struct Node: Sendable {
        /// Where steps lead that name a member or an element.
        var named: [(step: JSONPointer.Step, node: Int)] = []
        /// Where `*` leads.
        var any: Int?
        var action: RedactionAction?
    }

    private static let anyName = [UInt8(ascii: "*")]

    private var nodes: [Node] = []

    /// The root of one more tree.
    mutating func addRoot() -> Int {
        self.nodes.append(Node())
        return self.nodes.count - 1
    }

    /// What `pointer` leads to from `root` is to be treated so.
    mutating func add(_ pointer: JSONPointer, _ action: RedactionAction, below root: Int) {
        precondition(!pointer.steps.isEmpty, "a pointer to the whole event is refused where it is read")
        var node = root
        for step in pointer.steps { node = self.child(of: node, step) }
        self.nodes[node].action = max(action, self.nodes[node].action ?? action)
    }

    private mutating func child(of node: Int, _ step: JSONPointer.Step) -> Int {
        let isAny = step.name == Self.anyName
        if isAny, let next = self.nodes[node].any { return next }
        if !isAny, let next = self.nodes[node].named.first(where: { $0.step == step })?.node { return next }
        let next = self.addRoot()
        if isAny { self.nodes[node].any = next } else { self.nodes[node].named.append((step, next)) }
        return next
    }

    /// Appends to `found` where the steps from the nodes in `range` of it lead that `isMeant`. Returns the strongest action among them.
    @inline(__always)
    func step(
        _ range: Range<Int>,
        into found: inout [Int],
        isMeant: (JSONPointer.Step) -> Bool
    ) -> RedactionAction? {
        var action: RedactionAction?
        func take(_ node: Int) {
            found.append(node)
            guard let new = self.nodes[node].action else { return }
            action = max(new, action ?? new)
        }
        // By their places: a copy of a node costs more than everything else here.
        for index in range {
            let node = found[index]
            if let any = self.nodes[node].any { take(any) }
            for place in self.nodes[node].named.indices where isMeant(self.nodes[node].named[place].step) {
                take(self.nodes[node].named[place].node)
            }
        }
        return action
    }
}
