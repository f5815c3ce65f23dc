package main

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"os"
	"strings"
	"testing"
)

// Every signature of tests/ed25519/cases.txt is judged as the nodes judge it.
func TestSignaturesAreTakenAsTheNodesTakeThem(t *testing.T) {
	data, err := os.ReadFile("../../ed25519/cases.txt")
	if err != nil {
		t.Fatal(err)
	}
	bytes := func(digits string) []byte {
		decoded, err := hex.DecodeString(strings.TrimPrefix(digits, "-"))
		if err != nil {
			t.Fatal(err)
		}
		return decoded
	}
	taken := 0
	for _, line := range strings.Split(strings.TrimSpace(string(data)), "\n") {
		fields := strings.SplitN(line, " ", 5)
		key := append([]byte{1}, bytes(fields[1])...)
		id := sha256.Sum256(append([]byte("name\n"), key...))
		verifier, err := newStrict(fmt.Sprintf("name+%08x+%s", binary.BigEndian.Uint32(id[:]), base64.StdEncoding.EncodeToString(key)))
		good := err == nil && verifier.Verify(bytes(fields[2]), bytes(fields[3]))
		if good != (fields[0] == "good") {
			t.Errorf("taken: %v: %s", good, line)
		}
		if goodKey := hasPrimeOrder(key[1:]); goodKey != (fields[0] != "key") {
			t.Errorf("key taken: %v: %s", goodKey, line)
		}
		if good {
			taken++
		}
	}
	if taken == 0 {
		t.Error("no good signature was taken")
	}
}
