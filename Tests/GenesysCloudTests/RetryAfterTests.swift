import Testing

@testable import GenesysCloud

@Suite
struct RetryAfterTests {
    @Test(
        "A Retry-After header is seconds or a date (S3.4)",
        arguments: [
            ("0", nil, 0), ("120", nil, 120), (" 7 ", nil, 7), ("99999999999999999999", nil, 86_400),
            ("Sun, 06 Nov 1994 08:49:37 GMT", nil, 37), ("Sunday, 06-Nov-94 08:49:37 GMT", nil, 37),
            ("Sun Nov  6 08:49:37 1994", nil, 37), ("Sun, 06 Nov 1994 08:48:59 GMT", nil, 0),
            ("Tue, 06 Nov 2040 08:49:37 GMT", nil, 86_400),
            ("Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:00 GMT", 37),
            ("Sun, 06 Nov 1994 10:00:30 GMT", "Sun, 06 Nov 1994 10:00:00 GMT", 30),
            ("", nil, nil), ("-1", nil, nil), ("+1", nil, nil), ("1.5", nil, 2), ("2.000", nil, 2), ("0.001", nil, 1),
            ("86399.5", nil, 86_400),
            ("1e12", nil, nil), ("1000000000000", nil, 86_400), ("1000000000000.5", nil, 86_400), (".5", nil, nil),
            ("1.", nil, nil),
            ("1.5.2", nil, nil), ("-1000000000000", nil, nil), ("Fri, 31 Dec 9999 23:59:59 GMT", nil, 86_400),
            ("Thu, 01 Jan 1970 00:00:00 GMT", nil, 0),
            ("Fri, 31 Dec 9999 23:59:59 GMT", "Thu, 01 Jan 1970 00:00:00 GMT", 86_400), ("soon", nil, nil),
            ("１", nil, nil),
            ("Sun, 31 Feb 1994 08:49:37 GMT", nil, nil), ("Sun, 06 Nov 1994 08:49:37 CET", nil, nil), ("Nov", nil, nil),
        ] as [(String, String?, Int?)]
    )
    func header(text: String, date: String?, seconds: Int?) {
        let nowSeconds: Int64 = 784_111_740  // Sun, 06 Nov 1994 08:49:00 GMT
        #expect(RetryAfter.seconds(header: text, date: date, nowSeconds: nowSeconds) == seconds)
    }

    @Test(
        "A close reason may name the seconds (S3.4)",
        arguments: [
            ("retry-after: 30", 30), ("Too many connections, Retry-After: 5.", 5), ("retry-after:0", 0),
            ("retry-after=12", 12),
            ("retry-after : 9 s", 9), ("retry-after: 99999999999999999999", 86_400), ("retry-after", nil),
            ("retry-after: x", nil), ("retry-after: 1.5", 2), ("retry-after: 1.5. Bye", 2),
            ("retry-after: 1000000000000", 86_400),
            ("retry-after: .", nil), ("retry-after: 3...", nil), ("retry-after:", nil),
            ("retry-after: -1", nil), ("", nil), ("30", nil), ("retry-after 30", nil), ("retry-after: ٣", nil),
        ] as [(String, Int?)]
    )
    func reason(text: String, seconds: Int?) {
        #expect(RetryAfter.seconds(reason: text) == seconds)
    }
}
