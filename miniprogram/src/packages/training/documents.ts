import { Problem } from '../../services/problem'

/** Documents that were fetched once stay at hand until the app ends. The address is signed and needs no token. */
const fetched = new Map<string, string>()

export async function fetchDocument(url: string, version: string): Promise<string> {
  const have = fetched.get(version)
  if (have) return have
  const path = await download(url)
  fetched.set(version, path)
  return path
}

const download = (url: string): Promise<string> =>
  new Promise((resolve, reject) => {
    wx.downloadFile({
      url,
      timeout: 300_000,
      success: ({ statusCode, tempFilePath }) => (statusCode === 200 ? resolve(tempFilePath) : reject(new Problem(statusCode, 'DOCUMENT', '文件没有取到，请再试一次'))),
      fail: () => reject(new Problem(0, 'NETWORK', '网络不通，文件没有取到')),
    })
  })

export const fetchText = (url: string): Promise<string> =>
  new Promise((resolve, reject) => {
    wx.request<string>({
      url,
      dataType: 'text' as 'json',
      timeout: 20_000,
      success: ({ statusCode, data }) => (statusCode === 200 ? resolve(data) : reject(new Problem(statusCode, 'TEXT', '没有取到'))),
      fail: () => reject(new Problem(0, 'NETWORK', '网络不通')),
    })
  })
