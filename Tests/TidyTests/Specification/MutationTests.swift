import Testing

/// A test that has never been seen to fail proves little: each invariant has a mutation that its tests must catch. `Tests/mutations/run`
/// sees to that; that the list goes with the sources is seen here.
@Suite("The mutations and the specification")
struct MutationTests {
    private let mutations: [Mutation]

    init() throws {
        self.mutations = Mutation.all(in: try Repository.text(of: Mutation.list))
    }

    private static let rules = SpecifiedRule.invariants + SpecifiedRule.channelPromises

    @Test("every invariant, and every promise of channels, is broken by a mutation", arguments: Self.rules)
    func invariants(_ rule: SpecifiedRule) {
        #expect(
            self.mutations.contains { $0.breaks.contains(rule.name) },
            "no mutation breaks \(rule.name): \(rule.summary)"
        )
    }

    @Test("every mutation has a name of its own, breaks what is specified, and its old lines stand in its file once")
    func applies() throws {
        #expect(self.mutations.count > 40)
        let names = Set(self.mutations.map(\.name))
        #expect(names.count == self.mutations.count)
        let invariants = Set(Self.rules.map(\.name))
        let suites = Repository.tests.map(\.path)
        for mutation in self.mutations {
            #expect(Set(mutation.breaks).isSubset(of: invariants), "\(mutation.name)")
            let count = mutation.count(in: try Repository.text(of: mutation.file))
            #expect(count == 1, "\(mutation.name): its old lines stand \(count) times in \(mutation.file)")
            #expect(mutation.old != mutation.new, "\(mutation.name)")
            let suite = mutation.tests.split(separator: "/").first ?? ""
            #expect(suites.contains { $0.contains(suite) } || suite.isEmpty, "\(mutation.name): no file \(suite)")
        }
    }

    @Test("a list is read as it is written")
    func reads() throws {
        let text =
            "# a comment\n\nname: a\nbreaks: b-c, d-e\nfile: F\ntests: T\n- x\n-   y\n+ z\n\nname: b\nfile: G\n- u\n"
        let mutations = Mutation.all(in: text)
        let first = Mutation(
            name: "a",
            breaks: ["b-c", "d-e"],
            file: "F",
            tests: "T",
            old: ["x", "  y"],
            new: ["z"]
        )
        #expect(mutations == [first, Mutation(name: "b", file: "G", old: ["u"])])
        #expect(first.count(in: "x\n  y\nx\n  y\n") == 2)
        #expect(first.count(in: "x y") == 0)
    }
}
