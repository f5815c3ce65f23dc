package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	tileHeight   = 8
	tileWidth    = 1 << tileHeight
	tileBytesMax = tileWidth * (2 + 65535)
)

// fetcher gives what stands under a path.
type fetcher func(path string) ([]byte, error)

// from takes a URL or a folder.
func from(place string) fetcher {
	if !strings.HasPrefix(place, "http://") {
		return func(path string) ([]byte, error) { return os.ReadFile(filepath.Join(place, path)) }
	}
	client := &http.Client{Timeout: 30 * time.Second}
	return func(path string) ([]byte, error) {
		answer, err := client.Get(place + "/" + path)
		if err != nil {
			return nil, err
		}
		defer answer.Body.Close()
		if answer.StatusCode != http.StatusOK {
			return nil, fmt.Errorf("%s: %s", path, answer.Status)
		}
		return io.ReadAll(io.LimitReader(answer.Body, tileBytesMax))
	}
}

// tilePath names a tile as c2sp.org/tlog-tiles does; Go's own database has the height in the path as well.
func tilePath(tile tlog.Tile) string {
	path := strings.Replace(tile.Path(), fmt.Sprintf("tile/%d/", tile.H), "tile/", 1)
	return strings.Replace(path, "tile/data/", "tile/entries/", 1)
}

// reader hands tiles to tlog, which proves each against the tree.
type reader struct{ fetch fetcher }

func (r reader) Height() int { return tileHeight }

func (r reader) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range tiles {
		data, err := r.fetch(tilePath(tile))
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}

func (r reader) SaveTiles([]tlog.Tile, [][]byte) {}

// each calls f for all tiles of a level (-1: entries) that has so many items.
func each(level int, items int64, f func(tile tlog.Tile) error) error {
	for n := int64(0); n*tileWidth < items; n++ {
		width := items - n*tileWidth
		if width > tileWidth {
			width = tileWidth
		}
		if err := f(tlog.Tile{H: tileHeight, L: level, N: n, W: int(width)}); err != nil {
			return err
		}
	}
	return nil
}

// splitBundle takes entries apart: u16 length and leaf.
func splitBundle(data []byte, count int) ([][]byte, error) {
	var leaves [][]byte
	for len(data) > 0 {
		if len(data) < 2 || len(data)-2 < int(binary.BigEndian.Uint16(data)) {
			return nil, errors.New("an entry is cut off")
		}
		end := 2 + int(binary.BigEndian.Uint16(data))
		leaves = append(leaves, data[2:end])
		data = data[end:]
	}
	if len(leaves) != count {
		return nil, fmt.Errorf("%d entries instead of %d", len(leaves), count)
	}
	return leaves, nil
}

// stored keeps a tree's hashes by tlog's own index.
type stored []tlog.Hash

func (s stored) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	var hashes []tlog.Hash
	for _, index := range indexes {
		hashes = append(hashes, s[index])
	}
	return hashes, nil
}

// checkTiles reads the checkpoint and every tile of its tree: the leaves give all hashes, those the root, and each tile
// must hold them. Returns the checkpoint and how many tiles were read.
func checkTiles(fetch fetcher, known note.Verifiers, quorum int) (*checkpoint, int, error) {
	signed, err := fetch("checkpoint")
	if err != nil {
		return nil, 0, err
	}
	point, err := openCheckpoint(signed, known, quorum)
	if err != nil {
		return nil, 0, err
	}
	size, count := point.tree.N, 0
	var hashes stored
	err = each(-1, size, func(tile tlog.Tile) error {
		count++
		data, err := fetch(tilePath(tile))
		if err != nil {
			return err
		}
		leaves, err := splitBundle(data, tile.W)
		if err != nil {
			return fmt.Errorf("%s: %w", tilePath(tile), err)
		}
		for i, leaf := range leaves {
			more, err := tlog.StoredHashes(tile.N*tileWidth+int64(i), leaf, hashes)
			if err != nil {
				return err
			}
			hashes = append(hashes, more...)
		}
		return nil
	})
	if err != nil {
		return nil, 0, err
	}
	root, err := tlog.TreeHash(size, hashes)
	if err != nil {
		return nil, 0, err
	}
	if root != point.tree.Hash {
		return nil, 0, fmt.Errorf("the leaves give root %x, the checkpoint says %x", root[:], point.tree.Hash[:])
	}
	for level, items := 0, size; items > 0; level, items = level+1, items>>tileHeight {
		err := each(level, items, func(tile tlog.Tile) error {
			count++
			data, err := fetch(tilePath(tile))
			if err != nil {
				return err
			}
			var expected []byte
			for i := int64(0); i < int64(tile.W); i++ {
				hash := hashes[tlog.StoredHashIndex(level*tileHeight, tile.N*tileWidth+i)]
				expected = append(expected, hash[:]...)
			}
			if !bytes.Equal(data, expected) {
				return fmt.Errorf("%s is not what its leaves give", tilePath(tile))
			}
			return nil
		})
		if err != nil {
			return nil, 0, err
		}
	}
	return point, count, readAsGo(fetch, point.tree, hashes)
}

// readAsGo asks for every leaf's hash as the go command does, which takes tiles and proves them.
func readAsGo(fetch fetcher, tree tlog.Tree, hashes stored) error {
	var indexes []int64
	for i := int64(0); i < tree.N; i++ {
		indexes = append(indexes, tlog.StoredHashIndex(0, i))
	}
	proved, err := tlog.TileHashReader(tree, reader{fetch}).ReadHashes(indexes)
	if err != nil {
		return err
	}
	for i, hash := range proved {
		if hash != hashes[indexes[i]] {
			return fmt.Errorf("leaf %d is another under the checkpoint", i)
		}
	}
	return nil
}
