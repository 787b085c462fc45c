// The names of the public API's notification channels.

extension JSONFieldName {
    static let topicName = JSONFieldName(count: 9, low: 0x6D61_4E63_6970_6F74, high: 0x65)  // topicName
    static let eventBody = JSONFieldName(count: 9, low: 0x646F_4274_6E65_7665, high: 0x79)  // eventBody
    static let message = JSONFieldName(count: 7, low: 0x65_6761_7373_656D, high: 0)  // message
    static let reason = JSONFieldName(count: 6, low: 0x6E6F_7361_6572, high: 0)  // reason
    static let result = JSONFieldName(count: 6, low: 0x746C_7573_6572, high: 0)  // result
    static let eventTime = JSONFieldName(count: 9, low: 0x6D69_5474_6E65_7665, high: 0x65)  // eventTime
    static let modifiedDate = JSONFieldName(count: 12, low: 0x6465_6966_6964_6F6D, high: 0x6574_6144)  // modifiedDate
    static let dateModified = JSONFieldName(count: 12, low: 0x6964_6F4D_6574_6164, high: 0x6465_6966)  // dateModified
    static let modifyDate = JSONFieldName(count: 10, low: 0x6144_7966_6964_6F6D, high: 0x6574)  // modifyDate
    static let metricDate = JSONFieldName(count: 10, low: 0x6144_6369_7274_656D, high: 0x6574)  // metricDate
    static let interval = JSONFieldName(count: 8, low: 0x6C61_7672_6574_6E69, high: 0)  // interval
}
