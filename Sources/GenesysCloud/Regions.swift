/// The regions that Genesys Cloud is known to run in, by the name of the AWS region (the public SDK's host list,
/// 257.1.0).
public enum Regions {
    /// The domain of each region.
    public static let domains: [String: String] = [
        "us-east-1": "mypurecloud.com",
        "eu-west-1": "mypurecloud.ie",
        "ap-southeast-2": "mypurecloud.com.au",
        "ap-northeast-1": "mypurecloud.jp",
        "eu-central-1": "mypurecloud.de",
        "us-west-2": "usw2.pure.cloud",
        "ca-central-1": "cac1.pure.cloud",
        "ap-northeast-2": "apne2.pure.cloud",
        "eu-west-2": "euw2.pure.cloud",
        "ap-south-1": "aps1.pure.cloud",
        "us-east-2": "use2.us-gov-pure.cloud",
        "sa-east-1": "sae1.pure.cloud",
        "me-central-1": "mec1.pure.cloud",
        "ap-northeast-3": "apne3.pure.cloud",
        "eu-central-2": "euc2.pure.cloud",
        "mx-central-1": "mxc1.pure.cloud",
        "ap-southeast-1": "apse1.pure.cloud",
    ]
}
