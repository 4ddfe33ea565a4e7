import DocketCrypto

@testable import DocketTLS

extension TLSIdentity {
    /// A certificate for `desk.example` that is signed by itself, valid until 2126.
    ///
    /// Made with `openssl req -x509`, since our own authorities do not sign one.
    static let selfSigned = TLSIdentity(
        certificateChain: """
            -----BEGIN CERTIFICATE-----
            MIIBkTCCATagAwIBAgIUaQ+O8aoy3li99HcSKIcC2S7EPW8wCgYIKoZIzj0EAwIw
            EDEOMAwGA1UEAwwFYWxvbmUwIBcNMjYxMTIyMDM1NDUwWhgPMjEyNjEwMjkwMzU0
            NTBaMBAxDjAMBgNVBAMMBWFsb25lMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE
            rHjrND08gHZD4xSUK4STr0qhpocVzFR0CTdlbHoy21va07Fy+yz73os0e0ppkZZf
            52xvAP6CzwCiGT8N2jUbt6NsMGowHQYDVR0OBBYEFBzhXEmO6We+mI7TfY1t7htK
            XWYAMB8GA1UdIwQYMBaAFBzhXEmO6We+mI7TfY1t7htKXWYAMA8GA1UdEwEB/wQF
            MAMBAf8wFwYDVR0RBBAwDoIMZGVzay5leGFtcGxlMAoGCCqGSM49BAMCA0kAMEYC
            IQDVlMkiYPEgctDwYn+IVlfEB6l6TJNk62dEWeBnzQwPLwIhAIRmuTs2EJQN1U/2
            vzV85yUVCLUisfeWBnorrH1irA22
            -----END CERTIFICATE-----
            """,
        privateKey: Secret(
            """
            -----BEGIN PRIVATE KEY-----
            MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgT3PjT2ZUN2BilX0h
            eLXi5tND3opLHIx20GU58OmWCkKhRANCAASseOs0PTyAdkPjFJQrhJOvSqGmhxXM
            VHQJN2VsejLbW9rTsXL7LPveizR7SmmRll/nbG8A/oLPAKIZPw3aNRu3
            -----END PRIVATE KEY-----
            """
        )
    )
}
