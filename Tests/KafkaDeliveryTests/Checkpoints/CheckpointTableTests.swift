import BridgeCore
import Testing

@testable import KafkaDelivery

@Suite("The checkpoint topic, folded")
struct CheckpointTableTests {
    private static let stream = StreamID(tenant: "acme", stream: "0")
    private static let key = CheckpointKey.stream(Self.stream)

    private func document(_ position: String, epoch: Int64 = 1, instance: String = "a") -> [UInt8] {
        let checkpoint = Checkpoint(position: Position(kind: .lastEventId, value: position))
        let document = CheckpointDocument(checkpoint, committedAt: "t", instance: instance, epoch: epoch)
        return (try? CheckpointJSON.encode(document)) ?? []
    }

    private func owner(_ instance: String, _ epoch: Int64, isReleased: Bool = false) -> [UInt8] {
        var owner = OwnerDocument(instance: instance, epoch: epoch, claimedAt: "t")
        if isReleased { owner.releasedAt = "t" }
        return (try? CheckpointJSON.encode(owner)) ?? []
    }

    private func position(_ table: CheckpointTable) -> String? {
        guard case .checkpoint(let document) = table.held(Self.key) else { return nil }
        return document.position
    }

    @Test("the last value of a key counts, only the own tenants are kept, and a deleted key is gone")
    func fold() {
        var table = CheckpointTable(tenants: ["acme"])
        for index in 0..<1_000 {
            table.read(key: Array("acme/0".utf8), value: self.document("p\(index)"))
            table.read(key: Array("other/\(index)".utf8), value: self.document("p"))
        }
        #expect(self.position(table) == "p999")
        #expect(table.all.count == 1, "nothing of another's tenant is held")
        table.read(key: Array("acme/0".utf8), value: nil)
        #expect(table.held(Self.key) == nil)
        for key in [nil, [], Array("acme".utf8), Array("acme/".utf8), Array("/0".utf8), [0xFF, 0x2F, 0x30]] {
            table.read(key: key, value: self.document("p"))
        }
        #expect(table.all.isEmpty, "a foreign key is no checkpoint")
    }

    @Test("a late write of an owner that has a successor is not used (one-owner, position-monotonic)")
    func zombie() {
        var table = CheckpointTable(tenants: ["acme"])
        table.read(key: Array("acme/0".utf8), value: self.document("new", epoch: 5))
        table.read(key: Array("acme/0".utf8), value: self.document("late", epoch: 4))
        #expect(self.position(table) == "new")
    }

    @Test("an own commit that is read back late takes back nothing that was committed since (position-monotonic)")
    func echo() throws {
        var table = CheckpointTable(tenants: ["acme"])
        table.read(key: Array("acme/0".utf8), value: self.document("before", epoch: 6, instance: "b"))
        #expect(table.claim("acme", instance: "a") == 7)
        let echo = self.document("1", epoch: 7)
        table.read(key: Array("acme/0".utf8), value: echo)
        #expect(self.position(table) == "1", "a commit without an answer")
        let newer = try #require(CheckpointJSON.decode(CheckpointDocument.self, self.document("2", epoch: 7)))
        table.wrote(Self.key, .checkpoint(newer), bytes: 100)
        table.read(key: Array("acme/0".utf8), value: echo)
        #expect(self.position(table) == "2")
        table.read(key: Array("acme/0".utf8), value: self.document("set", epoch: 7, instance: "a person"))
        #expect(self.position(table) == "set", "of another's it is the topic that says the last word")
        table.read(key: Array("acme/0".utf8), value: echo)
        #expect(self.position(table) == "1")
    }

    @Test("what is no checkpoint, of a newer version, or of another dialect is told, each with its reason")
    func defects() {
        let newer = #"{"version":2,"position":"p"}"#
        let dialect =
            #"{"version":1,"position":"p","positionKind":"channelId","committedAt":"t","instance":"i","epoch":1}"#
        let bare = #"{"version":1,"committedAt":"t","instance":"i","epoch":1}"#
        let expected = [
            ("not json", "is not the JSON"), ("", "is not the JSON"), ("[]", "is not the JSON"),
            (newer, "has version 2"), (dialect, "another dialect (\"channelId\")"), (bare, "has no position"),
            (#"{"version":1}"#, "lacks a field"),
        ]
        for (value, words) in expected {
            var table = CheckpointTable(tenants: ["acme"])
            table.read(key: Array("acme/0".utf8), value: self.document("before"))
            table.read(key: Array("acme/0".utf8), value: Array(value.utf8))
            guard case .defect(let why) = table.held(Self.key) else {
                Issue.record("\(value) was taken for \(String(describing: table.held(Self.key)))")
                continue
            }
            #expect(why.contains(words), "\(why)")
        }
    }

    @Test(
        "who claims a tenant behind us takes it, who claimed before us does not, and of two at once the later wins (one-owner)"
    )
    func ownership() {
        var table = CheckpointTable(tenants: ["acme"])
        let key = Array("acme/owner".utf8)
        table.read(key: key, value: self.owner("old", 7))
        let epoch = table.claim("acme", instance: "me")
        #expect(epoch == 8)
        table.read(key: key, value: self.owner("rival", 8))
        #expect(table.successors.isEmpty, "the rival's claim stands before ours: ours takes it")
        table.read(key: key, value: self.owner("me", 8))
        table.read(key: key, value: self.owner("old", 7, isReleased: true))
        #expect(table.successors.isEmpty)
        var second = table
        table.read(key: key, value: self.owner("late", 8))
        #expect(table.successors == ["acme": "late (epoch 8)"])
        second.read(key: Array("acme/0".utf8), value: self.document("p", epoch: 9, instance: "next"))
        #expect(second.successors == ["acme": "next (epoch 9)"])
    }

    @Test("a topic of something else is refused before it fills the memory")
    func bound() {
        var table = CheckpointTable(tenants: ["acme"])
        let megabyte = Array(repeating: UInt8(ascii: "x"), count: 1 << 20)
        // The same key over and over holds one value.
        for _ in 0..<300 { table.read(key: Array("acme/0".utf8), value: megabyte) }
        #expect(!table.isOverfull)
        for index in 0..<300 { table.read(key: Array("acme/\(index)".utf8), value: megabyte) }
        #expect(table.isOverfull)
    }

    @Test("a table that is read again takes up the claims, and finds who has claimed behind them meanwhile (one-owner)")
    func resumedClaims() {
        let claims = ["acme": CheckpointTable.Claim(instance: "a", epoch: 3)]
        let owners: [([[UInt8]], String?)] = [
            ([self.owner("a", 3)], nil),
            ([self.owner("z", 2), self.owner("a", 3)], nil),
            ([self.owner("a", 3), self.owner("b", 4)], "b (epoch 4)"),
            ([self.owner("a", 3), self.owner("b", 4), self.owner("b", 4, isReleased: true)], "b (epoch 4)"),
            // Both claimed without having seen the other: the later one has it.
            ([self.owner("b", 3), self.owner("a", 3)], nil),
            ([self.owner("a", 3), self.owner("b", 3)], "b (epoch 3)"),
            ([], nil),
        ]
        for (owners, successor) in owners {
            var table = CheckpointTable(tenants: ["acme"])
            for owner in owners { table.read(key: Array("acme/owner".utf8), value: owner) }
            table.resume(claims)
            #expect(table.successors["acme"] == successor)
            #expect(table.claims["acme"] == CheckpointTable.Claim(instance: "a", epoch: 3, isSeen: true))
            table.read(key: Array("acme/owner".utf8), value: self.owner("c", 9))
            #expect(table.successors["acme"] == "c (epoch 9)")
        }
    }
}
