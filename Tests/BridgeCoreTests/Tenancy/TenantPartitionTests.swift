import BridgeCore
import Testing

@Suite("Tenant partitions and shares")
struct TenantPartitionTests {
    @Test(
        "murmur2 gives Kafka's own test vectors",
        arguments: [
            ("21", -973_932_308), ("foobar", -790_332_482), ("a-little-bit-long-string", -985_981_536),
            ("a-little-bit-longer-string", -1_486_304_829),
            ("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58_897_971), ("abc", 479_470_107),
        ] as [(String, Int32)]
    )
    func vectors(text: String, expected: Int32) {
        #expect(Murmur2.hash(Array(text.utf8)) == expected)
    }

    @Test("a tenant's partition is the positive hash modulo the number of partitions")
    func partition() {
        #expect(TenantPartition(ofTenant: "abc", among: 64).index == 479_470_107 % 64)
        let positive = Int(Int32(-790_332_482) & 0x7fff_ffff)
        #expect(TenantPartition(ofTenant: "foobar", among: 64).index == positive % 64)
        #expect(TenantPartition(ofTenant: "foobar", among: 1).index == 0)
        #expect(TenantPartition(ofTenant: "", among: 0).index == 0)
    }

    @Test("every partition belongs to exactly one share", arguments: [1, 2, 3, 7, 64, 100])
    func sharesCoverEverything(count: Int) throws {
        let shares = try (0..<count).map { try Share("\($0)/\(count)") }
        for index in 0..<64 {
            let owners = shares.filter { $0.owns(TenantPartition(index: index)) }
            #expect(owners.count == 1)
        }
    }

    @Test("a share that is written wrongly says how to write it")
    func shareErrors() throws {
        for text in ["", "1", "1/", "/2", "a/b", "0/3/4", " 0/3", "+0/3", "-1/3", "0x1/3", "99999999999/3", "0.5/3"] {
            let error = try #require(throws: ShareSyntaxError.self) { try Share(text) }
            #expect(error.description.contains("I/N"), "\(text)")
        }
        let counted = try #require(throws: ShareSyntaxError.self) { try Share("3/3") }
        #expect(counted.description.contains("counted from 0") && counted.description.contains("2/3"))
        #expect(throws: ShareSyntaxError.self) { try Share("0/0") }
        #expect(try Share("2/3").description == "2/3")
        #expect(Share.whole.owns(TenantPartition(index: 63)))
    }
}
