import NIOCore
import Testing

@testable import WebSocketClient

@Suite("What is connected to without a proxy")
struct NoProxyListTests {
    @Test(
        "entries match what they name (S1.1)",
        arguments: [
            (["example.com"], "example.com", 443, true),
            (["example.com"], "EXAMPLE.COM", 443, true),
            (["Example.Com"], "a.b.example.com", 443, true),
            (["example.com"], "example.com.", 443, true),
            (["example.com."], "a.example.com", 443, true),
            (["example.com"], "notexample.com", 443, false),
            (["example.com"], "example.com.evil.org", 443, false),
            (["example.com"], "com", 443, false),
            ([".example.com"], "a.example.com", 443, true),
            ([".example.com"], "example.com", 443, true),
            ([".example.com"], "notexample.com", 443, false),
            (["*.example.com"], "a.b.example.com", 443, true),
            (["*.example.com"], "example.com", 443, true),
            (["*.example.com"], "notexample.com", 443, false),
            (["localhost"], "localhost", 80, true),
            (["localhost"], "127.0.0.1", 80, false),
            (["example.com:8443"], "a.example.com", 8443, true),
            (["example.com:8443"], "a.example.com", 443, false),
            (["*"], "anything", 1, true),
            (["*"], "10.0.0.1", 1, true),
            (["*:443"], "anything", 443, true),
            (["*:443"], "anything", 80, false),
            ([], "anything", 1, false),
            (["", "  ", " example.com\t"], "example.com", 443, true),
            (["a.org", "b.org"], "b.org", 443, true),
            (["192.0.2.7"], "192.0.2.7", 443, true),
            (["192.0.2.7"], "192.0.2.70", 443, false),
            (["192.0.2.7"], "a.192.0.2.7", 443, false),
            (["192.0.2.7:80"], "192.0.2.7", 80, true),
            (["192.0.2.7:80"], "192.0.2.7", 443, false),
            (["::ffff:192.0.2.7"], "192.0.2.7", 443, true),
            (["192.0.2.7"], "::FFFF:C000:0207", 443, true),
            (["10.0.0.0/8"], "10.255.0.1", 443, true),
            (["10.0.0.0/8"], "11.0.0.1", 443, false),
            (["10.1.2.3/8"], "10.255.0.1", 443, true),
            (["10.0.0.0/8"], "ten.example", 443, false),
            (["172.16.0.0/12"], "172.31.255.255", 443, true),
            (["172.16.0.0/12"], "172.32.0.0", 443, false),
            (["192.0.2.128/25"], "192.0.2.128", 443, true),
            (["192.0.2.128/25"], "192.0.2.127", 443, false),
            (["192.0.2.7/32"], "192.0.2.7", 443, true),
            (["192.0.2.7/32"], "192.0.2.6", 443, false),
            (["0.0.0.0/0"], "203.0.113.9", 443, true),
            (["0.0.0.0/0"], "::1", 443, false),
            (["10.0.0.0/8:443"], "10.9.9.9", 443, true),
            (["10.0.0.0/8:443"], "10.9.9.9", 80, false),
            (["::1"], "0:0:0:0:0:0:0:1", 443, true),
            (["[::1]"], "::1", 443, true),
            (["[::1]:8080"], "::1", 8080, true),
            (["[::1]:8080"], "::1", 443, false),
            (["2001:DB8::/32"], "2001:db8:ffff::1", 443, true),
            (["2001:db8::/32"], "2001:db9::1", 443, false),
            (["2001:db8::/33"], "2001:db8:8000::", 443, false),
            (["[2001:db8::/32]:443"], "2001:db8::1", 443, true),
            (["[2001:db8::]/32:443"], "2001:db8::1", 443, true),
            (["[2001:db8::]/32:443"], "2001:db8::1", 80, false),
            (["::ffff:10.0.0.0/104"], "10.1.1.1", 443, true),
            (["::ffff:10.0.0.0/104"], "11.1.1.1", 443, false),
            (["::/0"], "2001:db8::1", 443, true),
            (["::/0"], "10.0.0.1", 443, false),
        ] as [([String], String, Int, Bool)]
    )
    func matches(_ entries: [String], _ host: String, _ port: Int, _ isMatch: Bool) throws {
        #expect(try NoProxyList(entries).matches(host: host, port: port) == isMatch)
        let proxy = HTTPProxy(host: "proxy", port: 1, noProxy: try NoProxyList(entries))
        #expect(proxy.isUsed(forHost: host, port: port) == !isMatch)
    }

    @Test(
        "an entry that cannot be read is named by its place",
        arguments: [
            ("example.com:x", "has a port that is not a number from 1 to 65535"),
            ("example.com:0", "has a port that is not a number from 1 to 65535"),
            ("example.com:65536", "has a port that is not a number from 1 to 65535"),
            ("example.com:+1", "has a port that is not a number from 1 to 65535"),
            ("example.com:", "has a port that is not a number from 1 to 65535"),
            ("10.0.0.0/33", "has a block size that is not a number from 0 to 32"),
            ("10.0.0.0/-1", "has a block size that is not a number from 0 to 32"),
            ("10.0.0.0/", "has a block size that is not a number from 0 to 32"),
            ("::/129", "has a block size that is not a number from 0 to 128"),
            ("::ffff:10.0.0.0/90", "is a block that mixes IPv4 and IPv6 addresses"),
            ("example.com/8", "has a slash behind something that is no IP address"),
            ("[::1", "has a bracket without its partner"),
            ("[::1]x", "has something behind the bracket that is no port"),
            ("[example.com]", "has brackets around something that is no address"),
            ("[*]", "has brackets around something that is no address"),
            ("a.*.example.com", "is neither a domain nor an IP address, a block of them, or *"),
            ("*example.com", "is neither a domain nor an IP address, a block of them, or *"),
            ("a..b", "is neither a domain nor an IP address, a block of them, or *"),
            (".", "is neither a domain nor an IP address, a block of them, or *"),
            ("a b", "is neither a domain nor an IP address, a block of them, or *"),
            ("http://example.com", "has a port that is not a number from 1 to 65535"),
            ("1:2:3", "is neither a domain nor an IP address, a block of them, or *"),
        ]
    )
    func malformed(_ entry: String, _ problem: String) {
        #expect(throws: NoProxyList.Malformed(index: 1, problem: problem)) { try NoProxyList(["example.com", entry]) }
    }

    @Test(
        "addresses are read as the C library reads them",
        arguments: [
            "0.0.0.0", "255.255.255.255", "1.2.3.4", "::", "::1", "1::", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7::",
            "::2:3:4:5:6:7:8", "1:2::7:8", "fe80::abcd:EF01", "::1.2.3.4", "64:ff9b::192.0.2.33", "1:2:3:4:5:6:1.2.3.4",
            "::ffff:1.2.3.4", "1::2:1.2.3.4",
        ]
    )
    func addresses(_ text: String) throws {
        let address = try #require(IPAddress(text[...]))
        let library = try SocketAddress(ipAddress: text, port: 1)
        let ours = try SocketAddress(packedIPAddress: ByteBuffer(bytes: address.bytes), port: 1)
        let isMapped = text.hasPrefix("::ffff:")
        #expect(ours.ipAddress == (isMapped ? library.ipAddress.map { String($0.dropFirst(7)) } : library.ipAddress))
    }

    @Test(
        "what is no address is not taken for one",
        arguments: [
            "", "1", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "1.2.3.x", "1.2.3.+4", "1..3.4", "1.2.3.4 ", ":",
            ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "g::", "1:2:3:4:5:6:7:1.2.3.4",
            "1.2.3.4::", "::1.2.3", "::1%eth0", "[::1]", ":1::", "1::2:", "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8",
            "+1::", "host",
        ]
    )
    func notAddresses(_ text: String) {
        #expect(IPAddress(text[...]) == nil)
        #expect(text == "01.2.3.4" || (try? SocketAddress(ipAddress: text, port: 1)) == nil || text.contains("%"))
    }
}
