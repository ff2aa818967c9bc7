/**
 * A key pair for tests on this machine: self-signed for 127.0.0.1 and localhost, valid for a
 * century, and worthless anywhere else.
 */
export const CERTIFICATE = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgKXxbakeyuIPJtp6a
VcoiyiqDaAhiRIcAlKCJQSvCLiqhRANCAARxuxu9JmDpik+ZgFl8aV8eOz/u7sE+
1v1BfWWZ4VIunzOIaqlqUUTngCFxzPY1LojG5Z6ec4JQWTqmq/SWcazL
-----END PRIVATE KEY-----`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBmjCCAUGgAwIBAgIUAOVhDp89UM2WQz8ZscW+jIC8MyIwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMjIzNTcxMVoYDzIxMjYxMDI5
MjM1NzExWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAARxuxu9JmDpik+ZgFl8aV8eOz/u7sE+1v1BfWWZ4VIunzOIaqlqUUTn
gCFxzPY1LojG5Z6ec4JQWTqmq/SWcazLo28wbTAdBgNVHQ4EFgQU32YWYuleBmGm
XxAjwd2+9LVWoSkwHwYDVR0jBBgwFoAU32YWYuleBmGmXxAjwd2+9LVWoSkwDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARhwR/AAABgglsb2NhbGhvc3QwCgYIKoZI
zj0EAwIDRwAwRAIgCZJSJa7Qmy+vxxnBNhWoq/HxQG8lN2ouP1bd0coqX3YCICun
ibRGmpRC3cHgsHXaSjAeNvZshkQr3zk0UwJZWwQs
-----END CERTIFICATE-----`,
}
