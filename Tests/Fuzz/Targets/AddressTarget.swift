import BridgeCore

@testable import GenesysCloud
@testable import WebSocketClient

/// Addresses and URLs as people and servers write them.
enum AddressTarget {
    static func run(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        Self.checkEncoding(text)
        Self.checkEndpoint(text)
        Self.checkTarget(text)
        Self.checkNoProxy(text)
    }

    private static func checkEncoding(_ text: String) {
        let encoded = GenesysCloud.PercentEncoding.encode(text)
        let isPlain = encoded.utf8.allSatisfy { byte in
            UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte
                || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || "-._~%".utf8.contains(byte)
        }
        precondition(isPlain, "an encoded text holds what must not stand bare")
        var decoded: [UInt8] = []
        var rest = encoded.utf8[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%") {
                decoded.append(UInt8(Substring(rest.prefix(2)), radix: 16)!)
                rest = rest.dropFirst(2)
            } else {
                decoded.append(byte)
            }
        }
        precondition(decoded == Array(text.utf8), "encoding lost something")
    }

    private static func checkEndpoint(_ text: String) {
        guard let endpoint = GenesysCloud.Endpoint(url: text) else { return }
        precondition((1...65_535).contains(endpoint.port))
        let again = GenesysCloud.Endpoint(url: endpoint.httpURL())
        precondition(again == endpoint, "what it prints is another endpoint")
        precondition(GenesysCloud.Endpoint(url: endpoint.webSocketURL) == endpoint)
    }

    private static func checkTarget(_ text: String) {
        guard let target = try? WebSocketTarget(url: text) else { return }
        precondition((1...65_535).contains(target.port) && !target.host.isEmpty)
        precondition(!target.requestTarget.utf8.contains { $0 <= 0x20 || $0 >= 0x7F }, "it would break the request")
        precondition(!target.hostHeader.utf8.contains { $0 <= 0x20 || $0 >= 0x7F }, "it would break the request")
    }

    private static func checkNoProxy(_ text: String) {
        let lines = text.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let host = lines[0]
        let entries = lines.dropFirst().flatMap { $0.split(separator: ",") }.map(String.init)
        if let list = try? NoProxyList(entries) {
            let matches = list.matches(host: host, port: 443)
            let all = entries.map { (try? NoProxyList([$0]))?.matches(host: host, port: 443) }
            precondition(all.contains(true) == matches, "together they match something else than one by one")
        }
        if let address = IPAddress(host[...]) {
            precondition([4, 16].contains(address.bytes.count))
            precondition(address.isInBlock(of: address, prefixBits: address.bitCount))
            let entry = try? NoProxyList([host])
            precondition(entry?.matches(host: host, port: 1) == true, "an address that does not match itself")
        }
    }
}
