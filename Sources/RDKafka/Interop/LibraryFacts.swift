internal import CRdKafka

/// What librdkafka says about itself and about its error codes.
enum LibraryFacts {
    static var version: String { unsafe String(cString: rd_kafka_version_str()) }

    static var builtinFeatures: [String] {
        let configuration = unsafe rd_kafka_conf_new()
        defer { unsafe rd_kafka_conf_destroy(configuration) }
        var size = 1024
        return unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: size) { buffer in
            guard
                unsafe rd_kafka_conf_get(configuration, "builtin.features", buffer.baseAddress, &size)
                    == RD_KAFKA_CONF_OK,
                let text = buffer.baseAddress
            else { return [] }
            return unsafe String(cString: text).split(separator: ",").map(String.init)
        }
    }
}

extension KafkaErrorCode {
    init(_ code: rd_kafka_resp_err_t) {
        self.init(rawValue: code.rawValue)
    }

    var cValue: rd_kafka_resp_err_t { rd_kafka_resp_err_t(rawValue: self.rawValue) }

    /// librdkafka's name, e.g. `MSG_SIZE_TOO_LARGE`, `_TRANSPORT`, `ERR_4711?` for a code that it does not know.
    public var name: String { unsafe String(cString: rd_kafka_err2name(self.cValue)) }

    /// librdkafka's words for the code.
    var libraryText: String { unsafe String(cString: rd_kafka_err2str(self.cValue)) }
}
