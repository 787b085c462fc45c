/// What is said of an answer that sends the client elsewhere. No redirect is ever followed: tokens and credentials go to
/// one host.
enum Redirect {
    /// Where a redirect leads, by host alone, for its query may repeat a token; nil where `status` is no redirect.
    static func description(status: Int, location: String?) -> String? {
        switch status {
        case 301, 302, 303, 307, 308: break
        default: return nil
        }
        guard let location, !location.isEmpty else { return "a redirect to nowhere, which is not followed" }
        guard let authority = Self.authority(of: location) else {
            return "a redirect to another path of the same host, which is not followed"
        }
        guard let host = Self.host(in: authority) else {
            return "a redirect to a place that cannot be read, which is not followed"
        }
        return "a redirect to \(host), which is not followed"
    }

    /// What stands behind the `//` of an absolute or scheme-relative reference (RFC 3986 section 3.2); nil where there
    /// is none.
    private static func authority(of location: String) -> Substring? {
        let rest: Substring
        if location.hasPrefix("//") {
            rest = location.dropFirst(2)
        } else {
            guard let separator = location.firstRange(of: "://"),
                location[..<separator.lowerBound].utf8.allSatisfy({ byte in
                    switch byte | 0x20 {
                    case UInt8(ascii: "a")...UInt8(ascii: "z"): true
                    default: 0x30...0x39 ~= byte || "+-.".utf8.contains(byte)
                    }
                })
            else { return nil }
            rest = location[separator.upperBound...]
        }
        return rest.prefix { !"/?#\\".contains($0) }
    }

    /// Host and port, without user information.
    private static func host(in authority: Substring) -> String? {
        let place = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? authority
        guard let endpoint = Endpoint(url: "https://\(place)") else { return nil }
        return place.contains("]:") || (!place.hasPrefix("[") && place.contains(":"))
            ? endpoint.description : (endpoint.host.contains(":") ? "[\(endpoint.host)]" : endpoint.host)
    }
}
