"""Access tokens that were tampered with, and tokens that are drawn."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime
from hashlib import sha256
from json import dumps, loads
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from okno.accounts.errors import TokenExpired, TokenInvalid
from okno.accounts.tokens import (
    ACCESS_SECONDS,
    Claims,
    derive_key,
    draw_token,
    hash_of,
    read_access_token,
    type_of,
)
from okno.kit.actor import Role

ISSUER = "https://api.example.org"
NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
SECOND = int(NOW.timestamp())
SECRET = b"a secret of thirty-two letters or more"
KEYS = {name: derive_key(SECRET, name) for name in ("old", "new")}
CLAIMS = Claims(Role.USER, 17, str(uuid4()), SECOND + ACCESS_SECONDS)
HEADER = {"alg": "HS256", "typ": "at+jwt", "kid": "new"}
BODY = {
    "iss": ISSUER,
    "aud": ISSUER,
    "sub": "user:17",
    "sid": "s",
    "iat": SECOND,
    "exp": SECOND + ACCESS_SECONDS,
    "jti": "1",
}


def base64(content: bytes) -> str:
    return urlsafe_b64encode(content).decode().rstrip("=")


def unbase64(part: str) -> Any:
    return loads(urlsafe_b64decode(part + "=="))


def sign(header: Any = HEADER, body: Any = BODY, key: bytes = KEYS["new"].raw_value) -> str:
    """Sign a token by hand, with any header and claims."""
    head_and_body = f"{base64(dumps(header).encode())}.{base64(dumps(body).encode())}"
    signature = hmac.digest(key, head_and_body.encode(), "sha256")
    return f"{head_and_body}.{base64(signature)}"


def read(token: str, at: int = SECOND) -> Claims:
    return read_access_token(token, ISSUER, KEYS, datetime.fromtimestamp(at, UTC))


def without(values: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in values.items() if key != name}


def test_what_is_signed_can_be_read() -> None:
    token = CLAIMS.sign(ISSUER, "new", KEYS["new"], NOW)

    claims = read(token)

    assert (claims.role, claims.subject_id, claims.credential_id) == (
        CLAIMS.role,
        CLAIMS.subject_id,
        CLAIMS.credential_id,
    )
    assert type_of(token) == "at+jwt"


def test_a_token_says_nothing_of_rights_and_no_two_are_the_same() -> None:
    first, second = (CLAIMS.sign(ISSUER, "new", KEYS["new"], NOW) for _ in range(2))

    header, body, _ = first.split(".")
    assert unbase64(header) == HEADER
    assert set(unbase64(body)) == {"iss", "aud", "sub", "sid", "iat", "exp", "jti"}
    assert first != second


def test_a_token_written_by_hand_is_as_good() -> None:
    assert read(sign()).subject_id == 17
    assert read(sign(body={**BODY, "sub": "service:3"})).role is Role.SERVICE


def test_the_key_that_retires_is_good_and_an_unknown_one_is_not() -> None:
    assert read(sign({**HEADER, "kid": "old"}, key=KEYS["old"].raw_value)).subject_id == 17
    with pytest.raises(TokenInvalid):
        read(sign({**HEADER, "kid": "other"}, key=derive_key(SECRET, "other").raw_value))
    with pytest.raises(TokenInvalid):
        read(sign({**HEADER, "kid": "old"}))


@pytest.mark.parametrize(
    "header",
    [
        *(without(HEADER, name) for name in HEADER),
        {**HEADER, "alg": "none"},
        {**HEADER, "alg": "HS512"},
        {**HEADER, "alg": "hs256"},
        {**HEADER, "alg": ["HS256"]},
        {**HEADER, "alg": None},
        {**HEADER, "typ": "JWT"},
        {**HEADER, "typ": "assertion+jwt"},
        {**HEADER, "typ": ["at+jwt"]},
        {**HEADER, "kid": ""},
        {**HEADER, "kid": ["new"]},
        {**HEADER, "kid": {"new": 1}},
        {**HEADER, "crit": ["exp"], "exp": 1},
        {**HEADER, "crit": 5},
        {**HEADER, "b64": False, "crit": ["b64"]},
        {**HEADER, "jwk": {"kty": "oct", "k": "AAAA"}},
        {**HEADER, "jku": "https://evil.example/keys"},
        {**HEADER, "x5u": "https://evil.example/keys"},
        {**HEADER, "zip": "DEF"},
        [],
        ["alg"],
        "alg",
        None,
        7,
    ],
    ids=str,
)
def test_another_header_is_refused_even_with_the_right_signature(header: Any) -> None:
    with pytest.raises(TokenInvalid):
        read(sign(header))


@pytest.mark.parametrize(
    "body",
    [
        *(without(BODY, name) for name in BODY),
        {**BODY, "iss": "https://other.example.org"},
        {**BODY, "iss": [ISSUER]},
        {**BODY, "aud": "https://other.example.org"},
        {**BODY, "aud": None},
        {**BODY, "iat": SECOND + 60},
        {**BODY, "nbf": SECOND + 60},
        {**BODY, "exp": "later"},
        {**BODY, "exp": None},
        {**BODY, "sub": "user:0"},
        {**BODY, "sub": "user:-1"},
        {**BODY, "sub": "user:1; DROP TABLE users"},
        {**BODY, "sub": "user:" + "9" * 30},
        {**BODY, "sub": "system:1"},
        {**BODY, "sub": "admin:17"},
        {**BODY, "sub": 17},
        {**BODY, "jti": 1},
        [],
        "claims",
        None,
    ],
    ids=str,
)
def test_other_claims_are_refused_even_with_the_right_signature(body: Any) -> None:
    with pytest.raises(TokenInvalid):
        read(sign(body=body))


def test_a_signature_by_another_key_is_refused() -> None:
    for key in (b"", b"secret", SECRET, KEYS["old"].raw_value):
        with pytest.raises(TokenInvalid):
            read(sign(key=key))
    another_secret = derive_key(SECRET + b"!", "new").raw_value
    with pytest.raises(TokenInvalid):
        read(sign(key=another_secret))


def test_no_signature_at_all_is_refused() -> None:
    head_and_body = (
        f"{base64(dumps({**HEADER, 'alg': 'none'}).encode())}.{base64(dumps(BODY).encode())}"
    )
    for token in (f"{head_and_body}.", head_and_body, sign().rpartition(".")[0] + "."):
        with pytest.raises(TokenInvalid):
            read(token)


@pytest.mark.parametrize(
    ("algorithm", "key"),
    [
        ("RS256", RSAKey.generate_key(2048)),
        ("ES256", ECKey.generate_key("P-256")),
        ("Ed25519", OKPKey.generate_key("Ed25519")),
        ("HS384", OctKey.import_key(KEYS["new"].raw_value)),
    ],
    ids=["RS256", "ES256", "Ed25519", "HS384"],
)
def test_another_algorithm_is_refused(algorithm: str, key: Any) -> None:
    token = jwt.encode({**HEADER, "alg": algorithm}, dict(BODY), key, algorithms=[algorithm])
    with pytest.raises(TokenInvalid):
        read(token)


def test_a_changed_claim_breaks_the_signature() -> None:
    header, _body, signature = sign().split(".")
    forged = base64(dumps({**BODY, "sub": "user:1"}).encode())
    with pytest.raises(TokenInvalid):
        read(f"{header}.{forged}.{signature}")


def test_the_time_of_a_token_is_ten_minutes_give_or_take_the_clocks() -> None:
    token = sign()
    assert read(token, SECOND + ACCESS_SECONDS + 4).expires_at == SECOND + ACCESS_SECONDS + 5
    assert read(token, SECOND - 5).subject_id == 17
    with pytest.raises(TokenExpired):
        read(token, SECOND + ACCESS_SECONDS + 5)
    with pytest.raises(TokenInvalid):
        read(token, SECOND - 6)


def test_what_was_never_good_is_not_called_expired() -> None:
    late = SECOND + ACCESS_SECONDS + 60
    for token in (sign(key=b"x" * 32), sign({**HEADER, "typ": "JWT"})):
        with pytest.raises(TokenInvalid):
            read(token, late)


@given(st.text(max_size=60) | st.lists(st.text(max_size=20), max_size=4).map(".".join))
def test_no_text_breaks_the_reader(text: str) -> None:
    assert type_of(text) is None
    with pytest.raises(TokenInvalid):
        read(text)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5), st.lists))
def test_no_header_breaks_the_reader(header: Any) -> None:
    token = sign(header)
    assert type_of(token) is None
    with pytest.raises(TokenInvalid):
        read(token)


def test_drawn_tokens_differ_and_have_256_bits() -> None:
    drawn = {draw_token("okno_") for _ in range(100)}
    assert len(drawn) == 100
    for token in drawn:
        letters = token.removeprefix("okno_")
        assert letters.isascii()
        assert letters.isalnum()
        assert 62 ** len(letters) >= 2**256


def test_of_a_drawn_token_its_sha256_is_kept() -> None:
    assert hash_of("okno_a") == sha256(b"okno_a").digest()
    assert len(hash_of("half a pair: \ud800")) == 32


def test_every_name_has_a_key_of_its_own() -> None:
    keys = {derive_key(SECRET, name).raw_value for name in ("a", "b", "c")}
    assert len(keys) == 3
    assert {len(key) for key in keys} == {32}
